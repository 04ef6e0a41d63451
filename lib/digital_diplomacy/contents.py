"""paper/index.md: each figure and table, what makes it, and the data that it rests on."""
