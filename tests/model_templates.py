"""Chat templates in the forms that models publish, with the special tokens that they write."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Published:
    """A template and the special tokens of its model's tokenizer."""

    source: str
    special: tuple[str, ...]
    bos_token: str = ""
    eos_token: str = ""
    takes_system: bool = True


ALTERNATE: Final = (
    "{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}"
    "{% endif %}"
)

TEMPLATES: Final = {
    # Qwen2: ChatML, with a system message of its own where there is none.
    "chatml": Published(
        "{% for message in messages %}"
        "{% if loop.first and messages[0]['role'] != 'system' %}"
        "{{ '<|im_start|>system\\nYou are a helpful assistant.<|im_end|>\\n' }}{% endif %}"
        "{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}"
        "{% endfor %}"
        "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
        ("<|endoftext|>", "<|im_start|>", "<|im_end|>"),
        eos_token="<|im_end|>",
    ),
    "llama 2": Published(
        "{% if messages[0]['role'] == 'system' %}"
        "{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}"
        "{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}"
        f"{{% for message in loop_messages %}}{ALTERNATE}"
        "{% if loop.index0 == 0 and system_message != false %}"
        "{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n'"
        " + message['content'] %}"
        "{% else %}{% set content = message['content'] %}{% endif %}"
        "{% if message['role'] == 'user' %}"
        "{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}"
        "{% elif message['role'] == 'assistant' %}"
        "{{ ' '  + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}",
        ("<unk>", "<s>", "</s>"),
        bos_token="<s>",
        eos_token="</s>",
    ),
    "sarashina": Published(
        "{%- for message in messages %}\n"
        "    {%- if message['role'] == 'user' %}\n"
        "        {{- '<|user|>' + message['content'] + eos_token -}}\n"
        "    {%- elif message['role'] == 'system' %}\n"
        "        {{- '<|system|>' + message['content'] + eos_token -}}\n"
        "    {%- elif message['role'] == 'assistant' %}\n"
        "        {{- '<|assistant|>' + message['content'] + eos_token -}}\n"
        "    {%- endif %}\n"
        "{%- endfor %}\n"
        "{%- if add_generation_prompt %}\n    {{- '<|assistant|>' }}\n{%- endif %}\n",
        ("<unk>", "<s>", "</s>", "<|system|>", "<|assistant|>", "<|user|>"),
        bos_token="<s>",
        eos_token="</s>",
    ),
    # StableLM Zephyr: its line breaks depend on trim_blocks.
    "zephyr": Published(
        "{% for message in messages %}\n"
        "{% if message['role'] == 'user' %}\n"
        "{{ '<|user|>\\n' + message['content'] + eos_token }}\n"
        "{% elif message['role'] == 'system' %}\n"
        "{{ '<|system|>\\n' + message['content'] + eos_token }}\n"
        "{% elif message['role'] == 'assistant' %}\n"
        "{{ '<|assistant|>\\n'  + message['content'] + eos_token }}\n"
        "{% endif %}\n"
        "{% if loop.last and add_generation_prompt %}\n"
        "{{ '<|assistant|>' }}\n"
        "{% endif %}\n"
        "{% endfor %}",
        ("<|endoftext|>", "<|user|>", "<|system|>", "<|assistant|>"),
        bos_token="<|endoftext|>",
        eos_token="<|endoftext|>",
    ),
    # Refuses a system message.
    "gemma": Published(
        "{{ bos_token }}{% if messages[0]['role'] == 'system' %}"
        "{{ raise_exception('System role not supported') }}{% endif %}"
        f"{{% for message in messages %}}{ALTERNATE}"
        "{% if (message['role'] == 'assistant') %}{% set role = 'model' %}"
        "{% else %}{% set role = message['role'] %}{% endif %}"
        "{{ '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}"
        "{% endfor %}{% if add_generation_prompt %}{{'<start_of_turn>model\\n'}}{% endif %}",
        ("<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>"),
        bos_token="<bos>",
        eos_token="<eos>",
        takes_system=False,
    ),
    # Dolly-v2: its special tokens are words, and it leaves a system message out.
    "dolly-v2": Published(
        "{{ 'Below is an instruction that describes a task.\\n\\n' }}"
        "{% for message in messages %}"
        "{% if message.role == 'user' %}{{ '### Instruction:\\n' + message.content + '\\n\\n' }}"
        "{% elif message.role == 'assistant' %}"
        "{{ '### Response:\\n' + message.content + '\\n\\n### End\\n\\n' }}{% endif %}"
        "{% endfor %}{% if add_generation_prompt %}{{ '### Response:\\n' }}{% endif %}",
        ("<|endoftext|>", "### End", "### Instruction:", "### Response:"),
        eos_token="<|endoftext|>",
        takes_system=False,
    ),
    # What a template may use besides: a macro, a namespace, JSON, a loop that is left.
    "everything": Published(
        "{%- macro turn(role, text) -%}\n<|{{ role }}|>{{ text | tojson }}\n{%- endmacro -%}\n"
        "{%- set ns = namespace(count=0) -%}\n"
        "{%- for message in messages -%}\n"
        "{%- if ns.count == 50 -%}{%- break -%}{%- endif -%}\n"
        "{%- set ns.count = ns.count + 1 -%}\n"
        "{%- if message.role == 'assistant' -%}{% generation %}"
        "{{ turn('assistant', message.content) }}{% endgeneration %}\n"
        "{%- else -%}{{ turn(message.role, message.content) }}{%- endif -%}\n"
        "{%- endfor -%}\n{{ strftime_now('%Y') | length }}{{ dict(a=1).a }}<|assistant|>",
        ("<|system|>", "<|user|>", "<|assistant|>"),
    ),
}
