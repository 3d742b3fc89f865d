# Sentences of the expansion: what a person should know beside the brief.

expansion-passed-through = I could not translate “{ $words }” for the picture model, so I passed it on as you wrote it.
expansion-not-taught = The bundled model has never learned to draw { $words }; the picture may show something else.
expansion-size-rounded = I rounded the size to { NUMBER($width, useGrouping: 0) } × { NUMBER($height, useGrouping: 0) }, which the picture model can make.
expansion-count-limited = One request makes at most { $most ->
    [one] one picture
   *[other] { $most } pictures
}, so that is how many you get.
expansion-llm-unavailable = The writing assistant did not answer, so I understood your wish with the built-in rules.
expansion-llm-busy = The writing assistant is busy, so I understood your wish with the built-in rules.
expansion-llm-refused = The writing assistant declined, so I understood your wish with the built-in rules.
expansion-llm-unusable = The writing assistant’s answer did not fit your wish, so I used the built-in rules.
expansion-llm-misconfigured = The writing assistant rejected this studio’s settings, so I used the built-in rules; its operator can run “atelier doctor”.
expansion-llm-spoken-to = Part of your wish reads like instructions to a program, so I understood it with the built-in rules.
expansion-llm-too-long = The wish is too long for the writing assistant, so I understood it with the built-in rules.
expansion-question-name = Which name or words should it show?
expansion-question-either = Which one should I draw?
expansion-question-forbidden = You asked for it and also asked to leave it out. Which is right?
expansion-question-person = I have never seen them. What do they look like?
expansion-option-no-words = no words
expansion-option-with = with { $thing }
expansion-option-without = no { $thing }
