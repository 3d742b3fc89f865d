# What the doctor finds about the filter of pictures.

doctor-pictures-lists-good = Known pictures: { $count } on { $lists } lists in { $folder }.
doctor-pictures-lists-none = Known pictures: no lists; “atelier lists add” makes one in { $folder }.
doctor-pictures-lists-bad = The lists of known pictures in { $folder } cannot be used, so every picture waits or is refused: { $why }
doctor-pictures-concepts-good = Pictures are searched for the concepts in { $path }.
doctor-pictures-concepts-bad = { $why } Until then every picture waits for a moderator.
doctor-pictures-classifiers-good = The classifiers of { $path } look at pictures, too.
doctor-pictures-classifiers-bad = { $why } Until then every picture waits for a moderator.
doctor-pictures-addresses-good = Pictures may not lead to the addresses in { $path }.
doctor-pictures-addresses-bad = { $why } Until then every picture waits for a moderator.
doctor-pictures-text-good = Letters in pictures are read.
doctor-pictures-text-missing = Letters in pictures cannot be read, so every picture waits for a moderator; pip install -e '.[ocr]' -c constraints.txt, or set ATELIER_PICTURE_TEXT=none.
doctor-pictures-codes-good = Codes in pictures are read.
doctor-pictures-codes-missing = Codes in pictures cannot be read, so every picture waits for a moderator; pip install -e '.[codes]' -c constraints.txt, or unset ATELIER_PICTURE_CODES.
doctor-pictures-safety-told = Child safety: refusals are told to ATELIER_CHILD_SAFETY_URL.
doctor-pictures-safety-untold = Child safety: refusals are written down and told to nobody; set ATELIER_CHILD_SAFETY_URL.
doctor-pictures-safety-waiting = Child safety: { $count } refusals wait to be told.
doctor-pictures-safety-dead = Child safety: { $count } refusals were told to nobody and were given up; act on them by hand, they stand in the table safety_reports.
doctor-pictures-failed = The filter of pictures could not be looked at: { $why }
