"""Chat templates against `transformers.apply_chat_template`, with a tokenizer of each form."""

from pathlib import Path

import pytest
from tokenizers import ByteLevelBPETokenizer
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from chef_llm.chat.chat_template import ChatTemplate, Message
from chef_llm.cookbook import load_cookbook
from chef_tools.checkpoint import template_source
from model_templates import TEMPLATES, Published

CONVERSATIONS = [
    [("user", "夕食を")],
    [("system", "あなたはシェフです。"), ("user", "  夕食を\n魚で  ")],
    [("user", "夕食を"), ("assistant", "献立です。\n主菜: 肉じゃが"), ("user", "<b>'魚'</b> & 卵")],
    [("system", "役"), ("user", "一"), ("assistant", "二"), ("user", "三")],
]


@pytest.fixture(params=TEMPLATES.values(), ids=TEMPLATES)
def published(request: pytest.FixtureRequest) -> Published:
    one: Published = request.param
    return one


@pytest.fixture
def tokenizer(published: Published) -> PreTrainedTokenizerFast:
    bpe = ByteLevelBPETokenizer()
    names = list(load_cookbook().dishes)[:50]
    bpe.train_from_iterator(
        names, vocab_size=400, special_tokens=list(published.special), show_progress=False
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=bpe._tokenizer,
        bos_token=published.bos_token or None,
        eos_token=published.eos_token or None,
        additional_special_tokens=list(published.special),
        chat_template=published.source,
    )


@pytest.mark.parametrize("turns", CONVERSATIONS)
def test_a_prompt_is_that_of_transformers(
    published: Published, tokenizer: PreTrainedTokenizerFast, turns: list[tuple[str, str]]
) -> None:
    if turns[0][0] == "system" and not published.takes_system:
        (_, system), (_, question), *rest = turns
        expected_turns = [("user", f"{system}\n\n{question}"), *rest]
    else:
        expected_turns = turns
    expected = tokenizer.apply_chat_template(
        [{"role": role, "content": content} for role, content in expected_turns],
        add_generation_prompt=True,
        tokenize=False,
    )
    template = ChatTemplate(published.source, published.bos_token, published.eos_token)

    assert template.render([Message(role, content) for role, content in turns]) == expected


@pytest.mark.parametrize("form", ["jinja file", "configuration", "named"])
def test_the_template_is_found_where_transformers_finds_it(
    published: Published, tokenizer: PreTrainedTokenizerFast, tmp_path: Path, form: str
) -> None:
    if form == "named":
        tokenizer.chat_template = {"default": published.source, "tool_use": "{{ tools }}"}
    tokenizer.save_pretrained(tmp_path, save_jinja_files=form == "jinja file")

    found = AutoTokenizer.from_pretrained(tmp_path)
    assert template_source(tmp_path) == found.get_chat_template() == published.source
