-- Reads each cell on its own, so that a fence left open in one cannot swallow the next.
local formats = {
  markdown = 'markdown-raw_html-raw_tex-raw_attribute-yaml_metadata_block-pandoc_title_block'
    .. '-auto_identifiers-fenced_divs-bracketed_spans-native_divs-native_spans-link_attributes'
    .. '-header_attributes-fenced_code_attributes-inline_code_attributes',
  html = 'html-raw_html-native_divs-native_spans-auto_identifiers',
}

function Pandoc(doc)
  doc.blocks = doc.blocks:walk {
    CodeBlock = function(block)
      local format = formats[block.attributes.read]
      if format then return pandoc.read(block.text, format, nil, {}).blocks end
    end
  }
  return doc
end
