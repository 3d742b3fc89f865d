# What the front door and the path say: why not now, what a press did, why it could not be done.

## At the door

ask-broken-words = Your words contain a broken character that cannot be kept; please type them again.
ask-too-long = That is { NUMBER($value, useGrouping: 0) } characters; say it in { NUMBER($most, useGrouping: 0) } or fewer.
ask-too-large = A side of { NUMBER($value, useGrouping: 0) } pixels is more than this studio paints; choose up to { NUMBER($most, useGrouping: 0) }.
ask-paused-here = The moderators have paused the studio here; ask again once they resume it. What you asked for before goes on then.
ask-banned = You can no longer ask for pictures here; talk to a moderator if you think this is wrong.
ask-paused = You can ask for pictures again in { $unit ->
    [days] { $number } days
    [hours] { $number } hours
   *[minutes] { $number ->
        [one] one minute
       *[other] { $number } minutes
    }
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
command-needs-picture = Which picture? Attach one, or answer one with { $command }; in a terminal name a file: /{ $command } --{ $name } FILE
command-needs-option = Please also give { $name }.
command-bad-option = I cannot use that as { $name }; give it another way.
command-bad-choice = { $name } is one of: { $choices }.
command-out-of-range = { $name } goes from { $least } to { $most }.
ask-unknown-aspect = I do not know the shape { $value }.

## Presses

request-none = There is nothing of yours that this applies to.
request-unknown = I find no request { $number } of yours; your history lists their numbers.
report-nothing = There is no picture to report.
report-sent = A moderator will look at it; thank you.
press-which-change = Tell me what shall be different.
press-not-an-administrator = Only those who run this place can do that.

press-unknown = This button does nothing here.
press-gone = That is no longer here; ask for it anew.
press-not-yours = Only the person who asked, or a moderator, can do that.
press-not-a-moderator = Only moderators can do that.
press-too-late = It is too late for that: the request is already done.
press-no-such-word = I find no “{ $word }” in it; name a word of the brief.
press-which-word = Tell me which word shall become which, for example: cat > dog
vote-counted = Thank you, I will remember that.
taken-down = A moderator has taken this picture down.
appeal-sent = A human will look at it; the answer comes here.

## Requests, looking back

history-headline = Your newest requests:
history-empty = You have not asked for a picture yet.
history-surprise = (a surprise)
history-line = { $number }, { $day }, { $state ->
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

## Settings, queue, accounts, data, help

settings-me-headline = Your settings; what you leave open follows this community.
settings-here-headline = What holds for everybody here:
settings-line = { $name }: { $value }
settings-menu = Choose: { $name }
settings-clear = leave it open
settings-on = on
settings-off = off
settings-expand-on = Add words
settings-expand-off = Only my words
settings-private-on = Make results private
settings-private-off = Make results visible
settings-learning-on = Learn from my votes
settings-learning-off = Do not learn from me
settings-reviews-here = Post cases here
settings-reviews-nowhere = Post no cases
settings-shared-here = Post shared pictures here
settings-shared-nowhere = Post no shared pictures
settings-level = This studio is set to { $level }; a community may only be as careful or more.
settings-stranger = I do not know { $name } yet; they must talk to me once first.
settings-reviewers-headline = These people decide here:
settings-reviewer = { $name } ({ $role })
settings-reviewers-unalerted = New cases are posted nowhere yet. Where these people read, give the command “settings here” and choose “in this channel” for “reviews”.
settings-reviewers-none = Nobody decides here but the operator; add someone.
queue-headline = { $count ->
    [0] Nothing is waiting.
    [one] One request is on its way here in all.
   *[other] { $count } requests are on their way here in all.
}
queue-line = { $number }: { $wish } — { $where }
queue-empty = None of them is yours.
state-awaiting-answer = It waits for your answer.
state-awaiting-review = A moderator is looking at it.
link-code = Your code is { $code }. Within { $minutes } minutes, give it to me in your other account with the command link. Type only codes that you asked for yourself.
link-bad-code = This code is wrong or too old; ask for a new one in the other account.
link-sure = This joins you with { $names }. Everything of both accounts becomes one person's: whoever uses the other account sees and decides for this one, too. Is it yours?
button-link = Yes, it is mine
link-same = These accounts are joined already.
link-done = Joined: { $names }. History, quota, votes and settings are one now.
export-line = Everything I keep about you, part { $number } of { $count }; keep it to yourself.
erase-sure = This deletes your requests, pictures, votes and settings here and in every account you joined, for good. A ban or pause in force stays until it ends.
erase-done = Everything is deleted. Your receipt: { $number }.
forget-sure = This deletes your votes; the next training will not see them.
forget-done = Your votes are forgotten. Your receipt: { $number }.
receipt-counts = { NUMBER($rows, useGrouping: 0) } rows ({ $tables }), { NUMBER($blobs, useGrouping: 0) } files, { NUMBER($tombstones, useGrouping: 0) } marks that keep them out of the next training.
receipt-sanctions = { $count ->
    [one] One measure
   *[other] { $count } measures
} in force against this account is kept until it ends.
help-headline = What you can do here; plain words work, too:
help-replies = Reply to a result in your own words to change it; “More” under it holds the rest.
style-flat = flat
style-cartoon = cartoon
style-neon = neon
style-blueprint = blueprint
style-watercolour = watercolour
style-ink = ink
style-sticker = sticker
describe-seen = I see: { $words }.
describe-by-clip = The bundled model looked; it knows only the words it was taught.
describe-by-llm = A language model looked; it may be mistaken.
describe-ask = “Again” paints it from these words:
