"""The HTTP edge: an event becomes a request of ours, and an answer of ours becomes HTTP.

In comes an API Gateway event, out goes its response. Read `envelope` (what holds of every event,
and errors), `fields` (what all requests are made of), then a protocol: `generate`, `openai` and
`chat`, `menus`, `recipes`; `completions`, `responses`, `messages` and `embeddings` are those of
other servers. `events` streams, `openapi` describes it all.
"""
