# What people read in a chat. One clear sentence each, and what to do next.

-brand = Atelier

## The grid

private-closed = Your private result is ready, but I may not write to you; press the button or use the command “show”.
alt-style = A red house, in the style { $style }
styles-headline = These styles are offered here; other words are welcome, too:
gallery-shared = Shared: “{ $wish }”
gallery-empty = Nobody has shared a picture here yet; “More” under a result does it.
gallery-line = { $number }. { $wish }
gallery-headline = The newest pictures shared here:
share-known = It is in the gallery already.
share-done = It is in the gallery now; thank you for sharing.
deleted = Deleted.
delete-sure = Shall I delete this result, its pictures and its messages for good?
more-headline = What else I can do with it:
details-style = Style: { $style }
details-negative = Left out: { $words }
details-numbers = { $steps } steps, guidance { $guidance }, { $width } × { $height } pixels, model { $model }.
details-seeds = { $count ->
    [one] Seed: { $seeds }
   *[other] Seeds, in the order shown: { $seeds }
}
original-line = The picture as it was made: { $width } × { $height } pixels.
larger-line = Larger: { $width } × { $height } pixels.
grid-label = Painted by a machine (AI).
grid-headline = { $count ->
    [one] Here is your picture.
   *[other] Here are your { $count } pictures. Which one do you like best?
}
grid-wish = You asked: “{ $wish }”
grid-brief = This is what I painted:
grid-brief-added = This is what I painted; the marked words are mine:
grid-released = A moderator has looked at it and released it.
grid-surprise = You left the wish to me, so this is a surprise.
alt-picture = { $count ->
    [one] Picture: { $prompt }
   *[other] Picture { $number } of { $count }: { $prompt }
}
alt-case = Picture { $number } of { $count }, hidden until a moderator uncovers it
alt-preview = An unfinished picture: { $prompt }
alt-no-prompt = whatever the model thought of

## Buttons

form-edit-placeholder = make it night
form-edit-label = What shall be different?
form-edit-title = Change in words
form-word-placeholder = cat > dog
form-word-label = Which word shall become which?
form-word-title = Change a word
menu-cancel = Withdraw …
menu-show = Show again …
menu-refuse = Refuse because …
menu-report = Report …
menu-share = Share to the gallery …
menu-original = As a file …
menu-vary = Vary …
menu-larger = Larger …
button-show = Show it
button-forget = Yes, forget my votes
button-erase = Yes, delete everything
button-delete = Delete
button-edit = Change in words
button-details = Seed and steps
button-more = More …
button-share-only = The picture
button-share = Picture { $number }
button-original-only = The picture
button-original = Picture { $number }
button-vary-subtle-only = A little
button-vary-subtle = { $number }, a little
button-larger-only = The picture
button-larger = Picture { $number }
button-accept-terms = I agree
button-pick = { $number }
button-pick-only = I like it
button-vary = { $number }, strongly
button-vary-only = Strongly
button-tie = All alike
button-all-bad = None is good
button-again = Again
button-own-words = Use only my words
button-change-word = Change a word
button-cancel = Cancel
button-appeal = Ask a human
button-decide-for-me = You decide
button-claim = I look at it
button-hand-back = Hand it back
button-approve = Release
button-reject = Refuse
button-undo = Undo

## Terms

terms-known = You have agreed to version { $version }.
terms-thanks = Thank you; I begin at once.
terms-title = Before your first picture
terms-title-changed = The terms have changed since you agreed
terms-title-known = The terms
terms-text = I paint what you ask for on this community's own machine. Words and pictures are checked; where I am unsure, a moderator looks. Your requests are stored so that they can be delivered, and you may have them deleted. Do not ask for anything unlawful, for sexual content with minors, or for what would hurt a real person. Pictures are made by a machine and marked as such.
terms-question = Do you agree (version { $version })?
terms-accepted = Thank you. Tell me what you would like to see.
terms-needed = Please agree to the terms first; the button is just above.

## Questions and progress

question-free = You may also answer in your own words.
progress-next = You are next.
progress-position = { $position ->
    [1] One request is ahead of yours.
   *[other] { $position } requests are ahead of yours.
}
progress-preparing = I am thinking about your wish.
progress-begun = I begin to paint.
progress-step = Painting: { $percent } % done.
progress-presenting = The pictures are done; I am bringing them.
progress-seconds = { $seconds ->
    [one] About one second left.
   *[other] About { $seconds } seconds left.
}
progress-minutes = { $minutes ->
    [one] About one minute left.
   *[other] About { $minutes } minutes left.
}
cancelled = Withdrawn. It cost none of your quota.

## Review, refusal, failure

review-notice = A moderator will look at this before it goes on: { $stage }, { $category }.
review-wait = You need not do anything; the answer comes here.
blocked-headline = I stopped at { $stage }: { $category }.
blocked-moderator = A moderator decided against it: { $reason }
blocked-no-quota = It cost none of your quota.
blocked-no-strike = The words I added were the trouble, not yours; nothing is held against you.
blocked-strike = It counts as a warning; warnings expire after { $days ->
    [one] one day
   *[other] { $days } days
}.
blocked-final = A human has looked at it again: the decision stands.
blocked-sanction = { $kind ->
    [warning] Please take care: with a few more you could not ask for pictures for a while.
    [pause] You cannot ask for pictures for { $days ->
        [one] one day
       *[other] { $days } days
    }.
   *[ban] You can no longer ask for pictures here.
}
blocked-appeal = If you think this is wrong, ask a human to look.
blocked-do-wish = Say it another way and ask again.
blocked-do-brief = Ask again with only your own words.
blocked-do-upload = Send another picture, or ask in words alone.
blocked-do-picture = Ask again: another try may turn out differently.
failed-trace = If it happens again, give the operator this number: { $trace }.
failed-generic = Something went wrong on my side; please ask again in a moment.

stage-wish = your words
stage-brief = the words I added
stage-upload = your picture
stage-picture = the finished picture

category-child_safety = the safety of children
category-sexual = sexual content
category-violence = violence
category-hate = hate
category-self_harm = self-harm
category-illicit = unlawful things
category-real_person = a real person
category-broken = a picture that cannot be read
category-unchecked = a check that could not be finished

reason-child_safety = I never make sexual content that involves minors.
reason-sexual = I do not make sexual pictures here.
reason-violence = I do not make pictures of gore or cruelty.
reason-hate = I do not make pictures that demean people for who they are.
reason-self_harm = I do not make pictures of self-harm. If you are thinking of hurting yourself, please talk to someone you trust or to a helpline near you; you matter.
reason-illicit = I do not help with drugs, weapons or fraud.
reason-real_person = I do not make pictures of real people who have not agreed.
reason-broken = The picture is empty, damaged or not one I can read.
reason-unchecked = One of my checks did not finish, so I would rather not go on.

# What could be asked for instead of what was refused: each passes the checks
blocked-instead = This would be fine, for instance: “{ $wish }”
safe-wish-child_safety = a family having a picnic on a sunny meadow
safe-wish-sexual = a portrait of a person in an elegant coat, soft evening light
safe-wish-violence = a knight on a hill after the storm, dramatic clouds
safe-wish-hate = a long table laid for friends, bread, fruit and flowers
safe-wish-self_harm = a quiet lake at sunrise with a small boat
safe-wish-illicit = a cosy market street at night with lanterns
safe-wish-real_person = an invented person as a traveller, oil painting

## Cases, for moderators

case-headline = { $kind ->
    [appeal] Appeal { $case }: { $stage }, { $category }
    [report] Report { $case }: { $stage }, { $category }
    [takedown] Taken down { $case }: { $stage }, { $category }
   *[review] Case { $case }: { $stage }, { $category }
}
case-wish = They asked: “{ $wish }”
case-brief = What would be painted:
case-rule = Rule { $rule }: { $decision }, score { $score }{ $matched ->
    [none] {""}
   *[other] , because of “{ $matched }”
}
case-age = { $hours ->
    [0] { $minutes ->
        [one] It has waited for one minute.
       *[other] It has waited for { $minutes } minutes.
    }
    [one] It has waited for one hour.
   *[other] It has waited for { $hours } hours.
}
case-person = The same person before: { $cases ->
    [one] one case
   *[other] { $cases } cases
}, { $strikes ->
    [0] no strike that counts
    [one] one strike that counts
   *[other] { $strikes } strikes that count
}.
case-note = Note: { $text }
case-eyes = { $number } moderators must agree before anything happens.
case-second = Someone has said what they think; someone else must, too.
case-open = Nobody is looking at it yet.
case-claimed = { $name } is looking at it.
case-decided = { $name } decided: { $decision ->
    [approve] release
   *[reject] refuse
}.
case-undo = { $seconds ->
    [0] It takes effect now.
    [one] It takes effect in one second; until then it can be undone.
   *[other] It takes effect in { $seconds } seconds; until then it can be undone.
}
case-closed = It is closed.
