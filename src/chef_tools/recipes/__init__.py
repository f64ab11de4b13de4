"""Recipes of others as dishes of one's own, and dishes as recipes for others (schema.org).

In comes a page or a file with a Recipe in JSON-LD; out go a table of TOML and rows of ingredients.
Read `json_ld` (finding and writing a Recipe), `lines` (an ingredient line as foods and grams),
`questions` (what is asked where that is not clear), `dishes` (a Recipe as a dish), `files` (what is
written into the folder).
"""
