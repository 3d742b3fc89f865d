# What moderation says. Categories, stages and the cards they stand on are the bot's.

# Why a moderator decided so: the statement of reasons
decision-within_rules = Nothing in it is against the rules.
decision-false_alarm = The automatic check was mistaken.
decision-art_or_education = It is art or teaching, and allowed here.
decision-sexual = It shows sexual content, which is not allowed here.
decision-child_safety = It endangers the safety of children, which is never allowed.
decision-violence = It shows gore or cruelty.
decision-hate = It demeans people for who they are.
decision-self_harm = It shows or encourages self-harm.
decision-illicit = It helps with something unlawful.
decision-real_person = It shows a real person in a way they have not agreed to.
decision-broken = The picture is empty or damaged.
decision-community_rules = It is against this community's own rules.

# What a moderator asked of a case that cannot be done now
case-error-unknown = There is no such case; list the open ones and choose again.
case-error-claimed = Someone else is looking at this case; take another, or wait until their time is over.
case-error-decided = Someone else has already decided this case; take another.
case-error-not-decided = This case has not been decided, so there is nothing to undo; decide it first.
case-error-too-late = It is too late to undo this: the decision has taken effect. An appeal can still change it.
case-error-closed = This case is closed; only an appeal can change it.
case-error-said-so = You have decided this case already; undo that first to decide otherwise.
case-error-said = You have said what you think of this case; someone else must agree before anything happens.
case-error-no-right = Your role does not allow that here; ask an administrator of the studio.
case-error-note = A note has between one and { $most } characters; shorten it or write one.
case-error-nothing-shown = There is no picture of this request to take down.
case-error-no-person = There is no such person; the number is in what “atelier cases show” tells of a case.
case-error-not-banned = Nothing keeps this person out, so there is nothing to lift.
case-error-not-paused = Nothing is paused there, so there is nothing to resume.
case-error-own-request = This is about a request of your own; someone else must decide it.
case-error-own-decision = This is an appeal against your own decision; someone else must decide it.
case-error-appeal-decided = Your appeal has already been decided; that decision is final.
case-error-reason = Please give one of these reasons: { $reasons }

# What is wrong with a picture someone sent
upload-empty = The file is empty; please send the picture again.
upload-too-many-bytes = The picture's file is too large; send a smaller one, for instance as JPEG.
upload-unknown-kind = I cannot read this kind of file; send a PNG, JPEG or WebP picture.
upload-too-many-pixels = The picture has too many pixels; make it smaller and send it again.
upload-bad-shape = The picture is far too long and thin; cut out the part that matters and send that.
upload-moves = The picture moves; send a single still picture.
upload-damaged = The picture's file is damaged; save it again and resend it.

# What the checks themselves say, where the rule has a sentence of its own
words-too-long = These words are too many to be checked; make them fewer and send them again.
words-too-strange = More of these words is strange than I can read; a moderator looks at them, or you say it more plainly.
picture-black = The picture is entirely black, as a failed one is.
picture-flat = The picture is one flat colour, as a failed one is.
picture-tiny = The picture is too small to be judged.

# What an operator reads when a list cannot be used
list-missing = There is no word list at { $path }; correct the path or remove the setting.
list-bad-row = Line { $line } of the word list { $path } is not category, severity, roles and terms parted by tabs; correct it.
list-short-term = Line { $line } of the word list { $path } has a term of a single character, which ordinary words contain; make it longer.
list-bad-community = Line { $line } of { $path } is not a community, its level (strict, standard, relaxed or -) and gated or -, parted by tabs; correct it.
concept-list-missing = There is no list of concepts at { $path }; correct the path or remove the setting.
concept-list-bad = The list of concepts { $path } cannot be used ({ $why }); correct it.
concept-model-missing = There is no CLIP model in { $path }; set ATELIER_CLIP_MODEL to a folder that holds one.
audit-error-no-anchor = There is no anchor at { $path }, so nobody can tell whether the end of the audit log is missing; put the file back or correct ATELIER_AUDIT_ANCHOR.
audit-error-no-key = There is no key of the audit log at { $path }; set ATELIER_AUDIT_KEY or put the file back.
audit-error-prose = Only ids, codes and digests may be written to the audit log.
