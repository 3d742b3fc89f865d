# What is said of pictures that are checked, and of the operator's lists for them.

upload-forbidden = This picture cannot be used here.
picture-unseen = The check that must see every picture does not work right now, so nothing was kept; please ask again later.
lists-unchecked = The lists of known pictures could not be looked through.
concepts-unchecked = What the picture shows could not be judged.
writing-unchecked = What is written on the picture could not be read.

# What an operator reads when a list cannot be used
hash-list-unknown = There is no list “{ $name }”; “atelier lists show” names them all.
hash-list-bad-name = A list's name has small letters, digits and hyphens, at most 40; “{ $name }” has not.
hash-list-bad-row = Line { $line } of the list { $path } is not id, category, decision, SHA-256, PDQ, crops and who added it, parted by tabs; correct it.
hash-list-bad-hash = Line { $line } does not begin with a hash of 64 hexadecimal digits; correct it.
address-list-bad-row = Line { $line } of the list of addresses { $path } is not a host and perhaps a category; correct it.
classifier-list-missing = There is no list of classifiers at { $path }; correct the path or remove the setting.
classifier-list-bad = The list of classifiers { $path } cannot be used ({ $why }); correct it.
classifier-missing = There is no picture classifier in transformers format, with safetensors, in { $path }; correct the list of classifiers.
classifier-bad-label = The classifier has no label “{ $label }”; its labels are { $known }.
