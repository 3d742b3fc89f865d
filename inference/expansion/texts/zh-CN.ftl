# 扩写的句子：在创作说明旁边，用户应当知道的事。

expansion-passed-through = “{ $words }”我没能替绘画模型翻译，已按您的原话交给它。
expansion-not-taught = 内置模型没有学过画 { $words }，画出来的可能是别的东西。
expansion-size-rounded = 尺寸已调整为 { NUMBER($width, useGrouping: 0) } × { NUMBER($height, useGrouping: 0) }，这是绘画模型能画的大小。
expansion-count-limited = 一次最多画 { $most } 张，所以这次画 { $most } 张。
expansion-llm-unavailable = 写作助手没有回应，已改用内置规则理解您的愿望。
expansion-llm-busy = 写作助手正忙，已改用内置规则理解您的愿望。
expansion-llm-refused = 写作助手不愿处理，已改用内置规则理解您的愿望。
expansion-llm-unusable = 写作助手的回答与您的愿望不符，已改用内置规则。
expansion-llm-misconfigured = 写作助手不接受本工作室的设置，已改用内置规则；管理员可运行“atelier doctor”查看。
expansion-llm-spoken-to = 您的愿望里有像是写给程序的指令，已改用内置规则理解。
expansion-llm-too-long = 愿望太长，写作助手读不完，已改用内置规则理解。
expansion-question-name = 上面要写什么名字或文字？
expansion-question-either = 画哪一个？
expansion-question-forbidden = 您既想要又不想要它，以哪个为准？
expansion-question-person = 我没见过这个人，是什么样子的？
expansion-option-no-words = 不要文字
expansion-option-with = 要 { $thing }
expansion-option-without = 不要 { $thing }
