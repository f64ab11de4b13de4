"""Which checks of `checks.py` one server alone passes, and why: the table of compatibility.md."""

from typing import Final

NO_ROUTE: Final = "no such route here: clients of OpenAI and Anthropic do without"
SERVER_FAULT: Final = "a caller's mistake is a 400 here, and a 500 there"
THEIRS_ALONE: Final = {
    "an empty message": "a last question without a word is refused, for the chef and the model",
    "a json schema with a pattern is kept": "a pattern is refused by its place",
    "a grammar is kept": "grammars are llama.cpp's own language; here it is an unknown field",
    "the tokens of a message are counted": NO_ROUTE,
    "tokens become a text again": NO_ROUTE,
    "a template is applied": NO_ROUTE,
    "llama servers own completion answers": NO_ROUTE,
    "the properties of the server are told": NO_ROUTE,
}
OURS_ALONE: Final = {
    "the name of the model comes back": "there, the name of its file",
    "no tokens are an empty answer": "there, one token all the same",
    "several answers have an index each": "there, no more than it has slots, of which it has one",
    "a message without a role is a 400": SERVER_FAULT,
    "an image for a model without eyes is a 400": SERVER_FAULT,
    "messages without messages are a 400": SERVER_FAULT,
    "a message ends at its stop sequence": "there, `stop_reason` is `end_turn`",
}
UNMET: Final = {
    "a tool that must be called is called": "SmolLM2's template knows of no tools: a 400 that says "
    "so here; there, free text in place of the call",
}
