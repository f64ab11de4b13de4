"""What a request asks for, from its words and its fields: text in, one `Order` out.

Where words can be read in two ways, the stricter one counts. Read `order` (the value), `reader`
(how words and fields meet in it), `conversation` (who said what), `free_text` (one text), then
the stages of a text: `text` (characters), `forms` (headings, lists, tables, JSON), `mentions`
(foods, and the verdict on each), `net` and `second_reader` (what catches what the rules miss),
then a module for each other part of an order (`courses`, `figures`, `tools`, `shares` and others);
`purpose` (an order, or talk) and `changes` (what a later turn makes of the menu before it).
"""
