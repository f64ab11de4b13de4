"""A conversation with the chef, and the language model behind him.

In comes a question, out goes a reply. Read `service` (who answers: planner or model),
`kitchen_talk` and `kitchen_index` (what is known of the kitchen, and how it is found), `chef`
(the model, inside context and deadline), `text_stream` (its text, piece by piece), then `prompts`
and `chat_template` (what a model reads); `json_grammar` makes a caller's JSON schema a grammar,
`tool_calls` learns from a template how its model calls tools.
"""
