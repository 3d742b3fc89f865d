# The command `lists`: known pictures.

help-lists = Lists of known pictures, by their hashes.
help-lists-show = Show every list, or what is on one.
help-lists-add = Put pictures on a list; only their hashes are kept.
help-lists-remove = Take pictures off a list.
help-lists-import = Take over a list that was exported, or hashes made elsewhere.
help-lists-export = Write a list to standard output.
help-lists-name = the name of a list
help-lists-files = pictures
help-lists-file = what “lists export” wrote, or one hash a line
help-lists-ids = what “lists show” calls them
help-lists-category = what they show: sexual, violence, hate, …; child_safety is never kept or shown
help-lists-decision = block, or review: a moderator looks
help-lists-trial = a new list is tried out: pictures on it are noted and nothing follows
help-lists-kind = list, or the kind of hashes: sha256, pdq

lists-none = There are no lists yet; they will be kept in { $folder }.
lists-one = { $name }: { $count } pictures ({ $kinds })
lists-one-trial = { $name }, on trial: { $count } pictures ({ $kinds })
lists-added = { $count } new on the list { $name }.
lists-removed = { $count } taken off the list { $name }.
lists-not-on-it = Not all of these are on the list { $name }; “atelier lists show { $name }” says what is.
lists-too-plain = { $file } shows too little to be told from others, so only the very same file will be known again.
lists-no-picture = The file { $path } is no picture that can be read.
usage-choice = { $name } is one of { $choices }.
