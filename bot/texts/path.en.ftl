# What the front door and the path say: why not now, what a press did, why it could not be done.

## At the door

ask-too-long = That is { NUMBER($value, useGrouping: 0) } characters; say it in { NUMBER($most, useGrouping: 0) } or fewer.
ask-too-large = A side of { NUMBER($value, useGrouping: 0) } pixels is more than this studio paints; choose up to { NUMBER($most, useGrouping: 0) }.
ask-banned = You can no longer ask for pictures here; talk to a moderator if you think this is wrong.
ask-paused = You can ask for pictures again in { $minutes ->
    [one] one minute
   *[other] { NUMBER($minutes, useGrouping: 0) } minutes
}.
ask-concurrent = { $most ->
    [one] One request of yours is still on its way
   *[other] { $most } requests of yours are still on their way
}; wait for it, or withdraw one.
ask-daily = That is more than today's { $most } pictures: you have { $left } left, and { $most } again in { $hours ->
    [one] one hour
   *[other] { $hours } hours
}.

## Commands

command-unknown = I do not know the command { $name }; help shows what there is.
command-unknown-option = There is no option { $name } here; leave it out.
command-needs-option = Please also give { $name }.
command-bad-option = I cannot use that as { $name }; give it another way.
command-bad-choice = { $name } is one of: { $choices }.
command-out-of-range = { $name } goes from { $least } to { $most }.
ask-unknown-aspect = I do not know the shape { $value }.

## Presses

press-not-an-administrator = Only those who run this place can do that.

press-unknown = This button does nothing here.
press-gone = That is no longer here; ask for it anew.
press-not-yours = Only the person who asked, or a moderator, can do that.
press-not-a-moderator = Only moderators can do that.
press-too-late = It is too late for that: the request is already done.
press-which-word = Tell me which word shall become which, for example: cat > dog
vote-counted = Thank you, I will remember that.
appeal-sent = A human will look at it; the answer comes here.

## Requests, looking back

history-headline = Your newest requests:
history-empty = You have not asked for a picture yet.
history-surprise = (a surprise)
history-line = { $day }, { $state ->
    [delivered] delivered
    [blocked] refused
    [cancelled] withdrawn
    [failed] failed
    [awaiting-answer] waits for your answer
    [awaiting-review] a moderator is looking
   *[other] on its way
}: { $wish }

## What could not be done

failed-undelivered = I could not reach this chat to bring the pictures; ask again when it works.
failed-crashed = This request stopped the studio several times, so I gave it up; ask for something else.
request-without-brief = The brief of this request is missing; please ask again.
render-incomplete = Only { $made } of { $wanted } pictures could be painted; please ask again.

## The service

app-already-served = Another process already serves the data folder { $folder }; end it first, or use its chats.
