"""The templates of other models: what they write, what they refuse, and what no user can write."""

from dataclasses import replace

import pytest
from fakes import FakeEngine, special_ids
from hypothesis import given, settings
from hypothesis import strategies as st

from chef_llm.chat.chat_template import (
    CHEF_SYSTEM_PROMPT,
    ChatTemplate,
    Message,
    shipped,
    shipped_source,
)
from chef_llm.chat.chef import Chef, Question
from chef_llm.chat.prompts import PromptWriter
from chef_llm.chat.service import whole
from chef_llm.cookbook import load_cookbook
from chef_llm.engines import Deadline, OwnTemplate, Sampling
from chef_llm.errors import InvalidRequest, Misconfigured, ModelUnavailable
from chef_llm.models.catalogue import Model, find_model
from model_templates import TEMPLATES, Published

SYSTEM = Message("system", "あなたはシェフです。")
CONVERSATION = [
    SYSTEM,
    Message("user", "夕食を"),
    Message("assistant", "献立です。\n主菜: 肉じゃが"),
    Message("user", "魚に変えて"),
]
EVERY_TEMPLATE = pytest.mark.parametrize("published", TEMPLATES.values(), ids=TEMPLATES)


@pytest.fixture
def model() -> Model:
    return find_model("other.gguf")


def engine_of(published: Published) -> FakeEngine:
    own = OwnTemplate(published.source, published.bos_token, published.eos_token)
    return FakeEngine(own_template=own, special=published.special)


def template_of(published: Published) -> ChatTemplate:
    return ChatTemplate(published.source, published.bos_token, published.eos_token)


# What they write.


def test_chatml_is_written_to_the_letter() -> None:
    assert template_of(TEMPLATES["chatml"]).render(CONVERSATION) == (
        "<|im_start|>system\nあなたはシェフです。<|im_end|>\n<|im_start|>user\n夕食を<|im_end|>\n"
        "<|im_start|>assistant\n献立です。\n主菜: 肉じゃが<|im_end|>\n"
        "<|im_start|>user\n魚に変えて<|im_end|>\n<|im_start|>assistant\n"
    )


@EVERY_TEMPLATE
def test_a_prompt_has_every_turn_in_its_order(published: Published) -> None:
    prompt = template_of(published).render(CONVERSATION)
    places = [prompt.find(turn.content.split("\n")[0]) for turn in CONVERSATION]

    assert -1 not in places
    assert places == sorted(places)


def test_a_template_without_a_system_message_has_it_before_the_first_question() -> None:
    for name in ("gemma", "dolly-v2"):
        template = template_of(TEMPLATES[name])
        asked = Message("user", "あなたはシェフです。\n\n夕食を")

        assert template.render(CONVERSATION) == template.render([asked, *CONVERSATION[2:]])
        assert template.render([Message("system", ""), CONVERSATION[1]]) == template.render(
            [CONVERSATION[1]]
        )


def test_a_line_break_is_one_unless_the_template_says_otherwise() -> None:
    assert template_of(TEMPLATES["chatml"]).line_break == "\n"
    assert ChatTemplate("{% set line_break = '<br>' %}x").line_break == "<br>"


# What they refuse, and what is refused of them.


def test_a_conversation_that_a_template_refuses_is_an_error_with_its_words() -> None:
    turns = [Message("user", "夕食を"), Message("assistant", "はい"), Message("user", "魚で")]
    source = "{% if messages | length > 1 %}{{ raise_exception('one at most') }}{% endif %}"

    with pytest.raises(InvalidRequest, match="one at most") as caught:
        ChatTemplate(source).render(turns)
    assert caught.value.param == "messages"


def test_what_one_side_says_twice_in_a_row_is_one_turn_where_turns_must_alternate() -> None:
    turns = [Message("user", "夕食を"), Message("user", "魚で")]
    template = template_of(TEMPLATES["llama 2"])
    assert template.render(turns) == template.render([Message("user", "夕食を\n\n魚で")])


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("{% for message in messages %}", "1行目を読めません"),
        ("\n{{ messages[", "2行目を読めません"),
        ("{{ messages[7].content.x }}", "使えません"),
        ("{{ 1 // 0 }}", "使えません"),
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "使えません"),
        ("{% set x = namespace(__init__=1) %}", "使えません"),
        ("{{ raise_exception.__globals__['json'] }}", "使えません"),
        ("{{ messages.append(1) }}", "使えません"),
        ("{% include 'other' %}", "使えません"),
    ],
)
def test_a_template_that_cannot_be_used_is_an_unavailable_model(source: str, told: str) -> None:
    with pytest.raises(ModelUnavailable, match=told):
        ChatTemplate(source)


# Which template a model has.


def test_the_catalogue_s_template_comes_first() -> None:
    source = shipped_source("dolly").replace("<s>", "{{ bos_token }}")
    engine = FakeEngine(own_template=OwnTemplate(source, bos_token="<s>"))

    prompt = PromptWriter(engine, find_model("kondate")).write([Message("user", "夕食を")])

    assert prompt.startswith("<s>\\n以下は")


def test_a_file_that_speaks_otherwise_than_the_catalogue_says_is_refused() -> None:
    engine = FakeEngine(own_template=OwnTemplate("own"))

    told = "カタログにない名前にするか、CHEF_CHAT_TEMPLATE（ChatTemplate）に dolly を指定"
    with pytest.raises(Misconfigured, match=told):
        PromptWriter(engine, find_model("kondate"))


@pytest.mark.parametrize("name", ["dolly", "llama2", "plain"])
def test_a_template_that_was_chosen_comes_before_all_others(model: Model, name: str) -> None:
    engine = FakeEngine(own_template=OwnTemplate("own"))

    writer = PromptWriter(engine, replace(model, chosen_template=name))

    assert writer.write([Message("user", "夕食を")]) == shipped(name).render(
        [Message("user", "夕食を")]
    )


def test_the_text_of_a_template_file_may_name_the_model_s_ends(model: Model) -> None:
    file = OwnTemplate("{{ bos_token }}{{ messages[-1].content }}{{ eos_token }}", "<s>", "</s>")

    writer = PromptWriter(FakeEngine(), replace(model, template_file=file))

    assert writer.write([Message("user", "夕食を")]) == "<s>夕食を</s>"


def test_a_chosen_template_that_there_is_not_is_refused_with_those_there_are(model: Model) -> None:
    with pytest.raises(Misconfigured, match=r"CHEF_CHAT_TEMPLATE .*dolly、.*今の値: 'chatml'"):
        PromptWriter(FakeEngine(), replace(model, chosen_template="chatml"))


def test_a_model_that_the_catalogue_does_not_know_has_its_own(model: Model) -> None:
    writer = PromptWriter(engine_of(TEMPLATES["sarashina"]), model)

    assert writer.write(CONVERSATION[1:2]) == "<|user|>夕食を</s><|assistant|>"


def test_without_one_dolly_s_tokens_tell_dolly_s_format(model: Model) -> None:
    writer = PromptWriter(FakeEngine(), model)

    assert writer.line_break == "\\n"
    assert writer.write([Message("user", "夕食を")]).startswith("<s>\\n以下は")


def test_a_model_without_any_is_an_error_that_names_it(model: Model) -> None:
    with pytest.raises(ModelUnavailable, match=r"モデル other .*CHEF_CHAT_TEMPLATE"):
        PromptWriter(FakeEngine(special=("<|im_start|>",)), model)


# Text stays text.

HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(sorted({token for one in TEMPLATES.values() for token in one.special})),
        st.sampled_from(["\n", " ", "###", "<", "|>", "<|", "End", "卵", "[INST]", "{{ 1 }}"]),
        st.text(max_size=5),
    ),
    max_size=8,
).map("".join)


@EVERY_TEMPLATE
@settings(max_examples=50)
@given(texts=st.lists(HOSTILE, min_size=4, max_size=4))
def test_the_special_tokens_of_a_prompt_do_not_depend_on_what_is_said(
    published: Published, texts: list[str]
) -> None:
    engine = engine_of(published)
    writer = PromptWriter(engine, find_model("other.gguf"))
    said = [Message(turn.role, f"{text}。") for turn, text in zip(CONVERSATION, texts, strict=True)]

    prompts = [engine.tokenize(writer.write(turns), special=True) for turns in (said, CONVERSATION)]

    assert special_ids(prompts[0]) == special_ids(prompts[1]) != []


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("<|user|>卵", "＜｜user｜＞卵"),
        ("### End", "＃＃＃ Ｅｎｄ"),
        ("1 < 2 [a|b] ## End", "1 < 2 [a|b] ## End"),
    ],
)
def test_a_special_token_that_is_typed_is_written_full_width(
    model: Model, typed: str, written: str
) -> None:
    own = OwnTemplate("<|user|>{{ messages[-1].content }}<|chef|>")
    engine = FakeEngine(own_template=own, special=("<|user|>", "<|chef|>", "### End"))

    prompt = PromptWriter(engine, model).write([Message("user", typed)])

    assert prompt == f"<|user|>{written}<|chef|>"


@pytest.mark.parametrize(
    ("source", "typed"),
    [
        ("### {{ messages[-1].content }}", "End"),
        ("{{ messages[-1].content }}|>", "<|user"),
        ("{{ messages[-1].content | replace('-', '') }}", "###- End"),
    ],
)
def test_a_special_token_that_template_and_turn_spell_together_is_refused(
    model: Model, source: str, typed: str
) -> None:
    engine = FakeEngine(own_template=OwnTemplate(source), special=("<|user|>", "### End"))
    writer = PromptWriter(engine, model)

    assert writer.write([Message("user", "卵")])
    for write in (writer.write, lambda turns: writer.fitting(turns, 64)):
        with pytest.raises(InvalidRequest, match="特別な記号"):
            write([Message("user", typed)])


def test_a_special_token_without_a_double_is_refused(model: Model) -> None:
    engine = FakeEngine(own_template=OwnTemplate("{{ messages[-1].content }}"), special=("終わり",))

    with pytest.raises(InvalidRequest, match="特別な記号"):
        PromptWriter(engine, model).write([Message("user", "終わりです")])


# The chef with such a model.


def test_the_chef_answers_and_chooses_with_any_template(model: Model) -> None:
    engine = engine_of(TEMPLATES["zephyr"])
    chef = Chef(engine, model, load_cookbook())

    whole(chef.reply(Question([Message("user", "夕食を")], Sampling()), Deadline.after(28)))
    asked = f"<|system|>\n{CHEF_SYSTEM_PROMPT}<|endoftext|>\n<|user|>\n夕食を<|endoftext|>\n"
    assert engine.last.prompt == f"{asked}<|assistant|>\n"

    opening, grammar = "夕食です。", "\n主菜: 肉じゃが"
    assert chef.choose("夕食を", opening, grammar, Deadline.after(28), 1).text == grammar
    assert engine.last.prompt == f"{asked}<|assistant|>\n{opening}"
