# The command line: what it says, and its help.

## The edge

edge-unexpected = Something unforeseen happened; its trace { $trace } is in { $log }.
edge-stopped = Stopped.
edge-interrupted = Stopped. A wish that was already handed in is kept: a running service finishes it, or the next start does.
edge-usage = { $message }; see “{ $command } --help”.
edge-usage-NoSuchOption = There is no option { $name }
edge-usage-MissingParameter = { $name } is missing
edge-usage-BadParameter = The value of { $name } cannot be read
edge-usage-BadOptionUsage = The option { $name } needs a value of its own

## Settings

settings-unreadable = The settings in { $file } cannot be read; save the file as UTF-8 text with lines NAME=value.
settings-unknown = There is no setting { $name }; remove it, docs/operating.md lists them all.
settings-unknown-near = There is no setting { $name }; did you mean { $near }?
settings-choice = { $name } must be one of { $expected }; correct it and start again.
settings-no-llm = ATELIER_EXPANDER is llm and no model is named; set ATELIER_LLM_MODEL.
settings-wrong = { $name } is wrong ({ $why }); correct it and start again.

## Wrong usage

usage-size = A size is width x height in pixels, such as 64x64, not “{ $value }”.
usage-number = --{ $option } takes a number, not “{ $value }”.
usage-option = There is no option --{ $option } here; try { $options }.
usage-switch = --{ $option } is on or off, not “{ $value }”.
usage-only-options = { $command } takes no words, but: { $options }
usage-group = There is no “{ $word }” in { $group }; it has: { $commands }
usage-no-words = { $command } takes no words; leave them out.
usage-role = There is no role “{ $role }”; the roles are { $roles }.
usage-roles-together = On SQLite one process does everything: name chat and render together, or set ATELIER_DATABASE_URL to a Postgres.
usage-no-file = The file { $path } cannot be read; check its name.
usage-check-one = Give either words, or --jsonl with lines on stdin, or --image FILE.

## imagine, expand, check

imagine-decided = I was unsure (“{ $question }”) and decided myself.
imagine-see-cases = See “atelier cases list”.
expand-added = added: { $words }
expand-style = style: { $value }
expand-negative = not wanted: { $value }
expand-question = I would ask: { $question }
check-allow = Allowed.
check-review = A moderator would look at it first:
check-block = Refused:
check-rules = rules { $rules }, policy { $policy }
check-failed-line = Line { $number } could not be judged; a moderator must look at it.
check-bad-line = Line { $number } is not JSON with a “text”; a human would have to look at it.

## cases, votes, db, serve

cases-none = Nothing waits for a decision.
cases-unknown = There is no case { $case }; “atelier cases list --all” shows them.
cases-standing = { $state ->
    [open] waiting for { $hours ->
        [0] { $minutes } min
       *[other] { $hours } h
    }
   *[other] { $decision ->
        [approve] released
        [reject] refused
       *[none] nothing left to decide
    }
}
cases-prompt = What would be painted: { $prompt }
cases-person = Person { $person }, { $requests ->
    [one] one request
   *[other] { $requests } requests
}.
cases-no-request = There is no request, and no case, whose number ends in { $request }.
cases-no-person = There is no person, request or case whose number ends in { $person }; “atelier cases show” tells a person's number.
cases-no-community = There is no community { $community }; name it like discord-1234, or by the number that “atelier cases show --json” tells.
cases-no-date = { $date } is no date; write it like 2026-11-23.
cases-taken-down = It is taken down; wherever it was shown, it goes within seconds.
cases-banned = They can no longer ask; what they had waiting is cancelled within seconds.
cases-lifted = They can ask again; what was cancelled stays so.
cases-paused = Paused: nothing new is made there, and what was asked before waits.
cases-resumed = Resumed: what waited goes on within seconds.
audit-intact = The audit log is whole: { $entries ->
    [one] one entry
   *[other] { NUMBER($entries, useGrouping: 0) } entries
}, none changed, missing or out of place.
audit-broken = The audit log is not whole: entry { NUMBER($number, useGrouping: 0) } is changed, missing or out of place. Keep a copy of the database and of the anchor, and ask who could write to them.
cases-ambiguous = Several cases end in { $case }; give more of its digits.
votes-exporting = { $number ->
    [one] One grid is written …
   *[other] { $number } grids are written …
}
votes-exported = { $folder } holds { $votes ->
    [one] one vote
   *[other] { $votes } votes
} on { $grids ->
    [one] one grid
   *[other] { $grids } grids
}, of people who agreed to it.
db-current = The database is up to date.
db-old = The database is not up to date; run “atelier db upgrade”.
serve-started = Atelier serves: { $roles }. Ctrl-C ends it.
serve-stopping = Finishing what runs …
chat-welcome = Tell me what you would like to see; /help tells what else there is.

## The terminal chat

console-unknown-command = I do not know /{ $name }; /help shows what I do.
console-no-button = There is no such button now; type one of the numbers in brackets.
console-nothing-hidden = There is no hidden picture.
console-which-language = I speak { $languages }; for example /language en
console-language-set = I will speak English.
console-hidden = { $count ->
    [one] The picture is hidden; /uncover uncovers it.
   *[other] { $count } pictures are hidden; /uncover uncovers them.
}
console-finishing = { $count ->
    [one] That was all; I finish what is still on its way.
   *[other] That was all; I finish the { $count } that are still on their way.
}
console-help = Just say what you would like to see, or:
console-help-edit = change the pictures shown last, in plain words: /edit make it blue
console-help-uncover = uncover hidden pictures
console-help-language = en or zh
console-help-help = this
console-help-quit = leave
console-help-buttons = Type a number in brackets to press it; 1 to 4 vote. Buttons have names, too:

## Help

help-atelier = A picture studio that lives in chats.
help-imagine = Make pictures of a wish and leave them in a folder.
help-expand = Show the brief a wish becomes, the added words marked.
help-check = Judge words or a picture.
help-chat = Talk with the studio in this terminal.
help-serve = Serve every chat whose token is set.
help-doctor = Tell what is configured, what is missing and what to do.
help-demo = Hold one real conversation from end to end, in a data folder of its own.
help-cases = What waits for a moderator's decision.
help-desk = The moderators' web page.
help-desk-link = Print a link that signs you in there, once.
help-cases-list = Show what waits, oldest first.
help-cases-claim = Tell others that you are looking at it.
help-cases-approve = Release it; it goes on when the time to undo is over.
help-cases-reject = Refuse it; the person reads the reason.
help-cases-undo = Take a decision back while there is time.
help-cases-appeals = Show the appeals that wait, oldest first.
help-cases-show = Show all that moderators know of a case.
help-cases-back = Leave a case to whoever takes it next.
help-cases-note = Write something down for the other moderators.
help-cases-takedown = Take away what was delivered, wherever it stands.
help-cases-ban = Keep someone out; what they have waiting is cancelled.
help-cases-lift = Let someone ask again.
help-cases-pause = Make nothing for a community, or for anybody; what was asked before waits.
help-cases-resume = End a pause; what waited goes on.
help-cases-statements = Write every statement of reasons, a line of JSON each.
help-cases-text = the note
help-cases-request = a request, or a case about it: the last digits of its number
help-cases-person = a person, or a case or request of theirs: the last digits of the number
help-cases-community = only in this community, such as discord-1234; without it everywhere
help-cases-place = a community, such as discord-1234; without it everything
help-cases-days = for so many days; without it until it is lifted
help-cases-since = only from this day on, such as 2026-11-23
help-audit = The log of what moderators did.
help-audit-verify = Check that no entry is changed, missing or out of place.
help-cases-block = its pictures are blocked wherever they come again
help-cases-all = also what is decided
help-case = a case, or the last digits of its number
help-reason = why, in words the person may read
help-votes = What people picked.
help-votes-export = Write the votes of those who agreed to it, in the columns of Pick-a-Pic.
help-votes-dir = the folder to write to
help-db = The database.
help-db-upgrade = Create or change the tables this program needs.
help-db-status = Tell whether the database has this program's tables.
help-json = print one JSON document and nothing else
help-wish = what you would like to see; nothing means a surprise
help-count = how many pictures
help-seed = the first picture's number in the dice; the same seed gives the same picture
help-steps = more steps, less blur
help-guidance = how closely to follow the words
help-size = width x height in pixels
help-negative = what must not be in the picture
help-style = ink, watercolour, …
help-reference = a picture to start from
help-strength = how far to leave the reference: above 0 (keep it) to 1 (ignore it)
help-out = the folder for the pictures and sheet.png
help-expand-or = let me add words, or use only yours
help-check-text = the words to judge
help-check-jsonl = read lines of JSON with a "text" from stdin, write one verdict a line
help-check-image = the picture to judge
help-roles = any of chat, render, desk; without it chat and render, and desk where ATELIER_DESK_URL is set

## The demo

demo-left = The last run was interrupted: its request “{ $wish }” is finished first.
demo-left-done = The interrupted request is finished: { $state }.
demo-act-terms = Mei is new here, so the terms come first; she presses button 1.
demo-act-clear = Her wish has waited and runs by itself; it is a clear one. She votes for the second picture.
demo-act-vague = A vague wish, in Chinese: the added words are marked [+like this+].
demo-act-refused = A wish that is refused.
demo-act-doubtful = A wish that the filters doubt once they see the pictures.
demo-act-moderator = Ada is a moderator and releases it; the minute in which she may undo is shortened to { $seconds } seconds here.
demo-held = The filters doubt this harmless picture, too: a false alarm, which costs a moderator a look.
demo-not-flagged = The filters did not hold this request; it ended as: { $state }.
demo-end = That was all.
demo-saw-left = the interrupted request of the last run was finished
demo-saw-terms = the terms were accepted before the first picture
demo-saw-clear = a clear wish in English became pictures
demo-saw-vote = a vote was cast and counted
demo-saw-vague = a vague wish in Chinese became a brief with its added words marked
demo-saw-refused = a wish was refused with stage, category and what to do
demo-saw-case = a doubtful picture became a case
demo-saw-release = a moderator's decision released it
demo-pictures = The pictures are in { $folder }.
demo-sheet = The contact sheet is { $file }.
demo-seconds = It took { $seconds } seconds.
demo-failed = Not everything was seen; see the lines marked ✗.

# words test
help-words = Rules of words.
help-words-test = Say what each line of a file would lead to, and why.
help-words-file = a text file, one text a line, or lines of JSON with "text"
help-words-lists = a folder of lists in place of the one that is set
help-words-community = the community whose lists and strictness count
words-tested = { $lines } lines: { $block } refused, { $review } for a moderator, { $allow } allowed.
