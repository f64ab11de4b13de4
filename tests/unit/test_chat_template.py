"""dolly's prompt, to the letter: its line break is the two characters backslash and n."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chef_llm.chat.chat_template import CHEF_SYSTEM_PROMPT, render
from chef_llm.reading.conversation import Message

WITH_CONTEXT = (
    "<s>\\n以下は、タスクを説明する指示と、文脈のある入力の組み合わせです。"
    "要求を適切に満たす応答を書きなさい。\\n[SEP]\\n"
)


def user(content: str) -> Message:
    return Message("user", content)


def test_one_turn_without_a_role_is_dollys_instruction_alone() -> None:
    assert render("dolly", [user("鶏むね肉で夕食を")]) == (
        "<s>\\n以下は、タスクを説明する指示です。要求を適切に満たす応答を書きなさい。\\n[SEP]\\n"
        "指示:\\n鶏むね肉で夕食を\\n[SEP]\\n応答:\\n"
    )


def test_a_role_is_the_instruction_and_the_question_the_input() -> None:
    messages = [Message("system", CHEF_SYSTEM_PROMPT), user("鶏むね肉で夕食を")]

    assert render("dolly", messages) == (
        WITH_CONTEXT + "指示:\\nあなたは献立を考えるシェフです。\\n[SEP]\\n"
        "入力:\\nUser:鶏むね肉で夕食を\\n[SEP]\\n応答:\\n"
    )


def test_earlier_turns_follow_the_role_in_the_instruction() -> None:
    messages = [
        Message("system", "あなたはシェフです。"),
        user("夕食を"),
        Message("assistant", "献立です。\n主菜: 肉じゃが"),
        user("魚に変えて"),
    ]

    assert render("dolly", messages) == (
        WITH_CONTEXT + "指示:\\nあなたはシェフです。\\n"
        "User:夕食を\\nAssistant:献立です。\\n主菜: 肉じゃが\\n[SEP]\\n"
        "入力:\\nUser:魚に変えて\\n[SEP]\\n応答:\\n"
    )


def test_earlier_turns_without_a_role_are_the_instruction() -> None:
    messages = [user("夕食を"), Message("assistant", "どうぞ。"), user("魚に")]

    assert render("dolly", messages) == (
        WITH_CONTEXT + "指示:\\nUser:夕食を\\nAssistant:どうぞ。\\n[SEP]\\n"
        "入力:\\nUser:魚に\\n[SEP]\\n応答:\\n"
    )


def test_an_empty_role_is_none() -> None:
    assert render("dolly", [Message("system", ""), user("夕食")]) == render("dolly", [user("夕食")])


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("夕食を\nお願い", "夕食を\\nお願い"),
        ("夕食を\r\nお願い", "夕食を\\nお願い"),
        ("夕食\\nお願い", "夕食＼nお願い"),
        ("\\", "＼"),
        ("  夕食 \n", "夕食"),
        ("{{ 7 * 7 }}{% raw %}", "{{ 7 * 7 }}{% raw %}"),
        ("卵 < 3個 & 'ねぎ'", "卵 < 3個 & 'ねぎ'"),
    ],
)
def test_what_a_person_types_is_text(typed: str, written: str) -> None:
    assert f"指示:\\n{written}\\n[SEP]" in render("dolly", [user(typed)])
    assert f"User:{written}\\n[SEP]" in render("dolly", [Message("system", "役"), user(typed)])
    assert f"指示:\\n{written}\\n[SEP]" in render("dolly", [Message("system", typed), user("夕食")])


@given(st.text())
def test_a_prompt_has_no_line_break_but_the_template_s_own_spelling(content: str) -> None:
    prompt = render("dolly", [user(content)])
    breaks = content.strip().replace("\r\n", "\n").count("\n")

    assert "\n" not in prompt
    assert prompt.count("\\") == prompt.count("\\n") == 7 + breaks


ROLE, FIRST, ANSWER, NEXT = (
    Message("system", "シェフ"),
    user("夕食を"),
    Message("assistant", "肉じゃが"),
    user("魚で"),
)


@pytest.mark.parametrize(
    ("template", "question", "conversation"),
    [
        (
            "dolly_v2",
            "\n\n### Instruction:\n夕食を\n\n### Response:\n",
            "\n\n### Instruction:\nシェフ\n\nUser: 夕食を\nAssistant: 肉じゃが\nUser: 魚で"
            "\n\n### Response:\n",
        ),
        (
            "redpajama",
            "<human>: 夕食を\n<bot>:",
            "<human>: シェフ\n夕食を\n<bot>: 肉じゃが\n<human>: 魚で\n<bot>:",
        ),
        (
            "llama2",
            "<s>[INST] 夕食を [/INST] ",
            "<s>[INST] <<SYS>>\nシェフ\n<</SYS>>\n\n夕食を [/INST] 肉じゃが </s>"
            "<s>[INST] 魚で [/INST] ",
        ),
        (
            "japanese_stablelm",
            "\n\n### 指示: \n夕食を\n\n### 応答: \n",
            "\n\n### 指示: \nシェフ\nUser: 夕食を\nAssistant: 肉じゃが\n"
            "\n### 入力: \n魚で\n\n### 応答: \n",
        ),
        (
            "plain",
            "Question: 夕食を\n\nAnswer:",
            "シェフ\n\nQuestion: 夕食を\n\nAnswer: 肉じゃが\n\nQuestion: 魚で\n\nAnswer:",
        ),
    ],
)
def test_the_other_families_have_the_formats_of_their_cards(
    template: str, question: str, conversation: str
) -> None:
    assert render(template, [FIRST]).endswith(question)
    assert render(template, [ROLE, FIRST, ANSWER, NEXT]).endswith(conversation)
