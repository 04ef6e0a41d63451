-- Reads each cell on its own, so that a fence left open in one cannot swallow the next.
-- Markdown is CommonMark, as JupyterLab reads it; formulas arrive in hexadecimal between two signs
-- of private use, see document.unread. HTML is read by a list of what may stand, never passed on.
local markdown = 'commonmark+pipe_tables+strikeout+task_lists+autolink_bare_uris'
local html = 'html-raw_html-native_divs-native_spans-auto_identifiers'

local wrappers = {
  sub = pandoc.Subscript, sup = pandoc.Superscript, b = pandoc.Strong, strong = pandoc.Strong,
  i = pandoc.Emph, em = pandoc.Emph, cite = pandoc.Emph, var = pandoc.Emph, s = pandoc.Strikeout,
  del = pandoc.Strikeout, strike = pandoc.Strikeout, u = pandoc.Underline, ins = pandoc.Underline,
  code = function(inlines) return pandoc.Code(pandoc.utils.stringify(inlines)) end,
  q = function(inlines) return pandoc.Quoted('DoubleQuote', inlines) end,
}
wrappers.kbd, wrappers.samp, wrappers.tt = wrappers.code, wrappers.code, wrappers.code
wrappers.script = function() return pandoc.Str('') end
wrappers.style = wrappers.script

local function attribute(tag, name)
  return tag:match(name .. '%s*=%s*"([^"]*)"') or tag:match(name .. "%s*=%s*'([^']*)'")
end

-- What no edition can hold is said in its place, with its address.
local embedded = {iframe = 'a frame', video = 'a film', audio = 'a sound', embed = 'a file',
                  object = 'a file', canvas = 'what a script would draw'}
local function said(name, tag)
  local at = attribute(tag, 'src') or attribute(tag, 'data') or ''
  local leads = at:match('^https?://') or not at:match('^%a[%w+.-]*:')
  at = leads and at:match('^[^<>"]+$') and ', ' .. at:sub(1, 200) or ''
  return '[Not shown here: ' .. embedded[name] .. at .. '. See the notebook.]'
end

-- Where a tag ends that begins at a place: its > outside of quotes.
local function ending(text, at)
  local quote = nil
  for i = at, #text do
    local sign = text:sub(i, i)
    if quote then
      if sign == quote then quote = nil end
    elseif sign == '"' or sign == "'" then quote = sign
    elseif sign == '>' then return i end
  end
  return #text
end

-- A button does nothing in an edition: its words stay, its icon goes.
local function without_icons(text)
  return (text:gsub('<[Bb]utton%f[%W].-</[Bb]utton>', function(button)
    return (button:gsub('<svg%f[%W].-</svg>', ''))
  end))
end

-- A table, its head or its body may hold cells without a row, which browsers put into one.
local function with_rows(text)
  for _, name in ipairs{'table', 'thead', 'tbody', 'tfoot'} do
    text = text:gsub('(<' .. name .. '%f[%W][^>]*>%s*)(<t[hd]%f[%W])', '%1<tr>%2')
    text = text:gsub('(</t[hd]>%s*)(</' .. name .. '>)', '%1</tr>%2')
  end
  return text
end

local function read_html(text)
  text = with_rows(without_icons(text))
  for _, name in ipairs{'style', 'script'} do   -- one without an end is none of the text either
    local low = text:lower()
    if low:find('<' .. name) and not low:find('</' .. name) then text = text .. '</' .. name .. '>' end
  end
  -- what stands in a field to be typed in is read as it stands
  text = text:gsub('<(/?)[Tt][Ee][Xx][Tt][Aa][Rr][Ee][Aa]%f[%W]', '<%1pre')
  local parts, at = {}, 1
  while true do
    local first, last, name = text:find('<(%a+)', at)
    if not first then break end
    name = name:lower()
    if embedded[name] then
      local close = ending(text, last)
      table.insert(parts, text:sub(at, first - 1))
      table.insert(parts, '<em>' .. said(name, text:sub(first, close)) .. '</em> ')
      at = close + 1
    else
      table.insert(parts, text:sub(at, last))
      at = last + 1
    end
  end
  table.insert(parts, text:sub(at))
  return pandoc.read(table.concat(parts), html, nil, {}).blocks
end

-- What an inline tag without an end becomes: a line's end, a picture, a line, nothing.
local function alone(name, tag)
  if embedded[name] then return {pandoc.Emph(pandoc.Str(said(name, tag)))} end
  if name == 'br' then return {pandoc.LineBreak()} end
  if name == 'img' and attribute(tag, 'src') then
    return {pandoc.Image(attribute(tag, 'alt') or '', attribute(tag, 'src'))}
  end
  return {}
end

local function without_tags(inlines)
  local stack = {{inlines = pandoc.Inlines{}}}
  local function add(list) stack[#stack].inlines:extend(list) end
  local function close(wrap)
    local done = table.remove(stack)
    add(wrap and {done.wrap(done.inlines)} or done.inlines)
  end
  for _, inline in ipairs(inlines) do
    if inline.t ~= 'RawInline' then
      add{inline}
    else
      local ending, name = inline.text:match('^<(/?)(%a[%w]*)')
      name = name and name:lower()
      local href = name == 'a' and attribute(inline.text, 'href')
      if name and ending == '/' then
        local open = #stack
        while open > 1 and stack[open].name ~= name do open = open - 1 end
        while open > 1 and #stack > open do close(false) end
        if open > 1 then close(true) end
      elseif href then
        table.insert(stack, {name = 'a', inlines = pandoc.Inlines{},
                             wrap = function(list) return pandoc.Link(list, href) end})
      elseif name and wrappers[name] then
        table.insert(stack, {name = name, wrap = wrappers[name], inlines = pandoc.Inlines{}})
      elseif name then
        add(alone(name, inline.text))
      end
    end
  end
  while #stack > 1 do close(false) end
  return stack[1].inlines
end

-- `[@key, p. 3]` reaches us as plain words; pandoc's own Markdown makes a citation of them.
local function with_citations(inlines)
  local done, i = pandoc.Inlines{}, 1
  while i <= #inlines do
    local last, words = i, inlines[i].t == 'Str' and inlines[i].text or ''
    if words:find('%[%-?@') then
      while last < #inlines and not words:find(']', 1, true) and last - i < 60 do
        last = last + 1
        words = words .. pandoc.utils.stringify(inlines[last])
      end
    end
    local before, cited, after = words:match('^(.-)(%[%-?@[^%]]*%])(.*)$')
    if cited then
      if before ~= '' then done:insert(pandoc.Str(before)) end
      local read = pandoc.read(cited, 'markdown').blocks[1]
      done:extend(read and read.content or {pandoc.Str(cited)})
      if after ~= '' then done:extend(with_citations(pandoc.Inlines{pandoc.Str(after)})) end
      i = last + 1
    else
      done:insert(inlines[i])
      i = i + 1
    end
  end
  return done
end

-- A formula as document.unread hides it: kind, TeX, and the text as it was written. Patterns of Lua
-- know bytes, not letters: the two signs stand in none of their sets.
local hidden = '\u{E000}([di])(%x+)z(%x+)\u{E001}'
local escaped = '%%EE%%80%%80([di])(%x+)z(%x+)%%EE%%80%%81'   -- in an address

local function from_hex(code)
  return (code:gsub('%x%x', function(two) return string.char(tonumber(two, 16)) end))
end

local function formulas(str)
  local done, at = pandoc.Inlines{}, 1
  local function words(to)
    if to >= at then done:insert(pandoc.Str(str.text:sub(at, to))) end
  end
  while true do
    local first, last, kind, tex = str.text:find(hidden, at)
    if not first then break end
    words(first - 1)
    done:insert(pandoc.Math(kind == 'd' and 'DisplayMath' or 'InlineMath', from_hex(tex)))
    at = last + 1
  end
  if at == 1 then return nil end
  words(#str.text)
  return done
end

-- In code and in addresses nothing is a formula: the dollars are its own.
local function as_written(text)
  for _, form in ipairs{hidden, escaped} do
    text = text:gsub(form, function(_, _, source) return from_hex(source) end)
  end
  return text
end

local function with_own_dollars(element)
  for _, field in ipairs{'text', 'target', 'src'} do
    if element[field] then element[field] = as_written(element[field]) end
  end
  return element
end

-- Straight quotation marks become typographic ones; code and formulas keep theirs.
local function quotes(doc)
  local last = ' '
  local opens = {[' '] = true, ['('] = true, ['['] = true, ['–'] = true, ['—'] = true, ['/'] = true}
  return doc:walk {
    traverse = 'topdown',
    Block = function() last = ' ' end,
    Space = function() last = ' ' end, SoftBreak = function() last = ' ' end,
    LineBreak = function() last = ' ' end,
    Code = function() last = 'x' end, Math = function() last = 'x' end,
    Str = function(str)
      local text = ''
      for _, code in utf8.codes(str.text) do
        local sign = utf8.char(code)
        if sign == '"' then sign = opens[last] and '“' or '”' end
        if sign == "'" then sign = opens[last] and '‘' or '’' end
        text, last = text .. sign, sign == '“' and '(' or sign == '‘' and '(' or sign
      end
      return pandoc.Str(text)
    end,
  }
end

local function read_markdown(text, cites)
  local doc = pandoc.read(text, markdown, nil, {})
  doc = doc:walk {
    RawBlock = function(block) return read_html(block.text) end,
    Inlines = function(inlines)
      inlines = without_tags(inlines)
      return cites and with_citations(inlines) or inlines
    end,
  }
  return quotes(doc:walk {
    Str = formulas, Code = with_own_dollars, CodeBlock = with_own_dollars,
    Link = with_own_dollars, Image = with_own_dollars,
  }).blocks
end

function Pandoc(doc)
  doc.blocks = doc.blocks:walk {
    CodeBlock = function(block)
      local kind = block.attributes.read
      if kind == 'markdown' then return read_markdown(block.text, block.attributes.cites) end
      if kind == 'html' then return read_html(block.text) end
    end
  }
  return doc
end
