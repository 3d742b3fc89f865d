# The moderators' web page.

desk-name = Atelier desk
desk-language = English
desk-skip = To the content
desk-nav = Pages of this community
desk-close = Close
desk-back = Back to the desk
desk-problem = That did not work
desk-search = Search
desk-sign-out = Sign out
desk-theme-auto = Light or dark as the device
desk-theme-light = Light
desk-theme-dark = Dark

# Coming in
desk-sign-in = Sign in
desk-sign-in-chat = Give this command to the bot in Discord or Telegram. It answers with a link for you alone, which works once.
desk-sign-in-terminal = On the machine itself, the operator types:
desk-sign-in-discord = Sign in with Discord
desk-enter = Come in
desk-enter-hint = The link is good. It is used up when you come in.
desk-error-link = This link has been used, or is too old. Ask for a new one with /desk.
desk-error-no-role = You are known here, but moderate no community. An administrator can add you with /settings reviewers.
desk-error-session = You were signed out because the session is over. Sign in again; nothing is lost.
desk-error-discord = Discord did not tell who you are. Try again, or use a link from /desk.
desk-error-form = This page is too old to be sent, or the form was not ours. Go back, reload and try again.
desk-error-not-here = There is nothing here, or it is not for you. The queue shows what is.
desk-error-unforeseen = Something unforeseen happened. Try again; if it stays, give the operator this number.
desk-error-address = The desk cannot listen on { $host }:{ $port }; set ATELIER_DESK_HOST and ATELIER_DESK_PORT to an address of this machine that is free.

# Places and the queue
desk-places = Communities
desk-private = Private chats
desk-role-auditor = auditor
desk-role-moderator = moderator
desk-role-administrator = administrator
desk-queue = Queue
desk-waiting = { $count ->
    [0] Nothing waits.
    [one] One case waits.
   *[other] { $count } cases wait.
}
desk-oldest = the oldest:
desk-empty = Nothing waits for you. Well done.
desk-empty-short = nothing waits
desk-more = { $count ->
    [one] One more waits behind these.
   *[other] { $count } more wait behind these.
}
desk-start = Start with the oldest
desk-filter = Show only
desk-filter-all = All
desk-filter-review = Doubts
desk-filter-appeal = Appeals
desk-filter-report = Reports
desk-paused = paused
desk-pause-title = Pause this community
desk-pause-hint = Nobody here can ask for pictures until it goes on. What waits is kept.
desk-pause = Pause
desk-resume = Go on
desk-pause-all-title = Pause everything
desk-pause-all-hint = No community can ask for pictures until it goes on.
desk-pause-all = Pause everything
desk-resume-all = Go on everywhere
desk-age-now = just now
desk-age-minutes = { $count } min
desk-age-hours = { $count } h
desk-age-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
desk-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
desk-seconds-unit = s

# A case
desk-case-title = Case { $case }
desk-case-sub = { $stage } · case { $case }
desk-stage-wish = in their own words
desk-stage-brief = in the words that were added
desk-stage-upload = in the picture they sent
desk-stage-picture = in the finished picture
desk-kind-review = doubt
desk-kind-appeal = appeal
desk-kind-report = report
desk-kind-takedown = taken down
desk-second = second pair of eyes
desk-held = { $name } is looking at it
desk-decided = { $name } decided: { $decision ->
    [approve] released
   *[reject] refused
}. It can still be undone.
desk-closed = { $name } decided: { $decision ->
    [approve] released
   *[reject] refused
}.
desk-shown = What it is about
desk-reveal = Show
desk-cover = Cover
desk-picture-alt = Picture { $number } of the case
desk-sealed = Pictures that may endanger children are never shown. Decide by the rules that spoke; the words uncover while you point at them.
desk-wish = What they wrote
desk-negative = What they did not want
desk-brief = What was painted (added words are underlined)
desk-why = Why it is here
desk-why-none-review = No rule left a trace.
desk-why-none-appeal = The person objects to a decision.
desk-why-none-report = Somebody reported it.
desk-why-none-takedown = A moderator took it down.
desk-does-allow = allow
desk-does-review = look
desk-does-block = refuse
desk-rule = Rule
desk-policy = Policy { $policy }
desk-before = Decided before
desk-before-line = { $name }, { $when }: { $decision ->
    [approve] released
   *[reject] refused
}.
desk-person = Who asked
desk-since = since { $when }
desk-person-counts = { $requests ->
    [one] 1 request
   *[other] { $requests } requests
}, { $refused } refused, { $strikes ->
    [one] 1 strike
   *[other] { $strikes } strikes
} that count.
desk-elsewhere = And { $count ->
    [one] one case
   *[other] { $count } cases
} in other communities.
desk-standing-paused = paused
desk-standing-banned = banned
desk-notes = Notes for moderators
desk-note = A note for whoever looks at it later
desk-note-add = Add
desk-similar = Others like it
desk-similar-found = { $count ->
    [one] One more picture like this
   *[other] { $count } more pictures like this
}
desk-similar-hint = While this list is open, your decision holds for those that are ticked, too.
desk-similar-alt = Case { $case }, covered

# Deciding
desk-decide = Decide
desk-approve = Release
desk-reject = Refuse
desk-next = Next
desk-undo = Undo
desk-suggested = suggested
desk-block = Refuse this picture wherever it comes again
desk-reason = Reason
desk-reason-within_rules = Within the rules
desk-reason-false_alarm = False alarm
desk-reason-art_or_education = Art or teaching
desk-reason-sexual = Sexual content
desk-reason-child_safety = Safety of children
desk-reason-violence = Violence
desk-reason-hate = Hate
desk-reason-self_harm = Self-harm
desk-reason-illicit = Unlawful
desk-reason-real_person = A real person
desk-reason-broken = Broken picture
desk-reason-community_rules = Our own rules
desk-told-approve = { $count ->
    [one] Released: case { $case }.
   *[other] Released: { $count } cases.
}
desk-told-reject = { $count ->
    [one] Refused: case { $case }.
   *[other] Refused: { $count } cases.
}
desk-told-first = Kept: case { $case }. Somebody else must agree.
desk-told-undone = { $count ->
    [one] Undone. Case { $case } is yours again.
   *[other] Undone: { $count } cases. This is the first of them.
}
desk-told-taken-down = Taken down: { $request }. The person can appeal.

# Keys
desk-keys = Keys
desk-keys-hint = A decision is two keys: “a a” releases, “r r” refuses for the suggested reason, “r 3” for the third.
desk-key-next = next case; this one goes back
desk-key-reveal = show or cover the pictures (also the space bar)
desk-key-approve = release; once more: within the rules
desk-key-reject = refuse; once more: the suggested reason
desk-key-reason = the reason with that number
desk-key-block = with a refusal: refuse this picture wherever it comes again
desk-key-undo = undo the last decision
desk-key-grey = pictures in grey
desk-key-similar = others like it
desk-key-note = write a note
desk-key-queue = the queue
desk-key-close = close, leave a field
desk-key-help = this list

# People
desk-sanctions = Strikes and sanctions
desk-no-sanctions = None.
desk-sanction-strike = Strike
desk-sanction-warning = Warning
desk-sanction-pause = Pause
desk-sanction-ban = Ban
desk-until = until { $when }
desk-lifted = lifted
desk-lift = Lift bans and pauses
desk-ban = Ban
desk-ban-days = For how long
desk-ban-forever = until it is lifted
desk-ban-everywhere = in every community
desk-past-cases = Cases here
desk-no-cases = None.
desk-past-approve = released
desk-past-reject = refused

# Results
desk-results = Results
desk-results-hint = What this community saw last. Private results are not listed; they can be reported.
desk-results-none = Nothing has been delivered here yet.
desk-take-down = Take down
desk-take-down-hint = It is removed from every chat it stands in. The person reads the reason and can appeal.

# Statistics
desk-statistics = Statistics
desk-statistics-hint = What moderators decided, held against what the rules said.
desk-no-statistics = No decisions in this time yet.
desk-figure-decided = cases decided
desk-figure-released = released
desk-figure-wait = until decided (median)
desk-figure-appeals = appeals decided
desk-figure-overturned = of appeals upheld
desk-plot-rules = How good each rule is
desk-plot-rules-hint = Precision: of what the rule stopped, the share that moderators refused. Recall: of what they refused, the share that the rule stopped. The lines are 95 % intervals; long ones mean few decisions.
desk-plot-curve = { $rule }: what another threshold would do
desk-threshold = threshold
desk-precision = precision
desk-recall = recall
desk-best = Best so far: a threshold of { $threshold } (precision { $precision }, recall { $recall }).
desk-best-threshold = best threshold
desk-rules-table = In numbers
desk-fired = fired

# The audit log
desk-audit = Audit
desk-audit-hint = Everything moderators did, sealed entry by entry. It can be read, never changed.
desk-audit-check = Check every seal
desk-audit-sound = { $count ->
    [0] The log is empty.
    [one] The one entry is sound.
   *[other] All { $count } entries are sound and in their place.
}
desk-audit-broken = Entry { $number } is changed, missing or out of place. Tell the operator.
desk-audit-search = Last digits of a case or person, or an action
desk-audit-at = When (UTC)
desk-audit-actor = Who
desk-audit-action = What
desk-audit-subject = About
desk-audit-facts = Facts
desk-audit-older = Older entries

# Said in the chats and in the terminal
desk-link = Your way to the desk; it works once, within { $minutes } minutes, and for you alone: { $url }
desk-not-served = There is no web desk here. The operator sets ATELIER_DESK_URL; until then /cases shows what waits.
desk-served = The desk is at { $url }; “atelier desk link” lets you in.
