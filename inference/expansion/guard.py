"""Tells wishes that speak to a program from wishes that describe a picture.

A match is no offence: such a wish is read by the built-in rules, which obey nothing, and a
language model never sees it. What slips through meets ``checks.py``.
"""

from __future__ import annotations

import re
from typing import Final

_PATTERNS: Final = (
    # forget what you were told
    (
        r"\b(?:ignore|disregard|forget|override|bypass|skip|drop)\b[^.!?\n]{0,40}"
        r"\b(?:instructions?|prompts?|rules?|directions|guidelines|above|previous|prior|earlier|everything)\b"
    ),
    (
        r"(?:忽略|无视|忘记|忘掉|跳过|绕过|不要理会|不用管|别管)[^。！？\n]{0,20}"
        r"(?:指令|指示|提示|规则|要求|设定|上面|以上|之前|前面|限制|内容)"
    ),
    # tell me what you were told
    r"\b(?:system|developer|hidden|initial|original|secret) (?:prompt|message|instructions?)\b",
    (
        r"\b(?:reveal|print|show|repeat|output|leak|tell|translate|summari[sz]e)\b[^.!?\n]{0,40}"
        r"\b(?:your|the|these|above|own)\b[^.!?\n]{0,20}\b(?:instructions?|prompt|rules|configuration|reference)\b"
    ),
    r"(?:系统|初始|隐藏|开发者|内部)(?:提示|指令|消息|设定|规则|信息)",
    (
        r"(?:输出|重复|复述|告诉我|显示|打印|泄露|翻译)[^。！？\n]{0,15}"
        r"(?:提示词|指令|规则|上文|以上内容|上面的内容|设定|参考编号)"
    ),
    # be someone else
    (
        r"\byou are (?:now|no longer)\b|\b(?:act|behave|respond|reply|answer) as (?:a|an|if|the)\b|"
        r"\bpretend (?:to be|you|that)\b|\bfrom now on\b|\b(?:dan|developer|debug|god|admin) mode\b|\bjailbreak"
    ),
    r"你现在是|从现在(?:起|开始)|扮演(?:一个)?(?:没有|不受)|开发者模式|调试模式|管理员模式|越狱",
    # answer like this
    r"\b(?:respond|reply|answer|output|return|print|say) (?:only |just |exactly |nothing but |with )",
    r"\b(?:only|just) (?:respond|reply|answer|output|return|print) ",
    r"(?:只|仅)(?:需|能|要)?(?:回复|回答|输出|返回)|(?:回复|输出|返回)[“\"'「]",
    # pieces of a protocol
    (
        r"<\|[^|>\n]{1,40}\|>|\[/?inst\]|<</?sys>>|</?(?:system|assistant|user|tool|wish)\b|"
        r"(?:^|\n)\s?(?:system|assistant|developer|user)\s?:|###\s?(?:system|instruction|response)"
    ),
    r"\"(?:role|content|tool_calls?|function|negative_prompt|translation|may_ask)\"\s?:|\}\s?\]?\s?,?\s?\{",
    (
        r"\b(?:call|use|invoke|run|execute) (?:the |a )?(?:tool|function|command|code|shell|python|plugin)s?\b|"
        r"\b(?:os\.system|subprocess|eval|exec|curl|wget|import os)\b|(?:调用|执行|运行)(?:工具|函数|命令|代码|脚本)"
    ),
    # hidden writing
    (
        r"\bbase ?64\b|\brot ?13\b|\bdecode (?:this|the following)\b|[a-z0-9+/]{40,}={0,2}|(?:\\x[0-9a-f]{2}){4,}|"
        r"解码|(?:%[0-9a-f]{2}){6,}"
    ),
    r"https?://|\bapi[ _-]?keys?\b|\bpasswords?\b|密码|密钥",
)
_SPEAKS: Final = tuple(re.compile(pattern) for pattern in _PATTERNS)


def speaks_to_model(folded: str) -> bool:
    """Whether a folded wish (see ``folding``) addresses a model instead of describing a picture."""
    return any(pattern.search(folded) for pattern in _SPEAKS)
