"""The models that can answer: which there are (`catalogue`, `models.toml`), and how one is loaded.

Out comes a loaded engine with the catalogue's entry for it, or with what its own file says
(`gguf_header`; `own` lists the operator's): `loading`, with `from_s3` for a file that is not in the
package.
"""
