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

# Of LangChain's standard tests, those that are not passed here, and why; then those over there.
NO_TOOLS: Final = (
    "a tool must be called, and SmolLM2's template knows of none: a 400 here, free text there"
)
NO_END: Final = "greedy, SmolLM2 finds no end of its text within 128 tokens, here and there"
LANGCHAIN: Final = {
    "test_tool_calling[model0]": NO_TOOLS,
    "test_tool_calling[model1]": NO_TOOLS,
    "test_tool_calling_async": NO_TOOLS,
    "test_bind_runnables_as_tools": NO_TOOLS,
    "test_tool_choice": NO_TOOLS,
    "test_tool_calling_with_no_arguments": NO_TOOLS,
    "test_structured_few_shot_examples": NO_TOOLS,
    "test_structured_output_pydantic_2_v1": NO_TOOLS,
    "test_structured_output_optional_param": NO_END,
    "test_json_mode": NO_END,
    "test_agent_loop[model0]": NO_TOOLS,
    "test_agent_loop[model1]": NO_TOOLS,
    "test_unicode_tool_call_integration": NO_TOOLS,
}
FAILS_THERE: Final = {
    "test_tool_calling[model0]",
    "test_tool_calling[model1]",
    "test_tool_calling_async",
    "test_bind_runnables_as_tools",
    "test_tool_choice",
    "test_tool_calling_with_no_arguments",
    "test_structured_output_pydantic_2_v1",
    "test_structured_output_optional_param",
    "test_json_mode",
    "test_agent_loop[model0]",
    "test_agent_loop[model1]",
    "test_unicode_tool_call_integration",
}
