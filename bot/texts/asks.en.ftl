# Why a wish is not taken now, or not so; what went wrong on the way.

ask-banned = You may not ask for pictures here any more; write to the moderators if you think this is wrong.
ask-paused = { $minutes ->
    [one] You may ask again in one minute; the warnings you had led to a pause.
   *[other] You may ask again in { $minutes } minutes; the warnings you had led to a pause.
}
ask-concurrent = { $most ->
    [one] One request of yours is still at work; wait for it, or withdraw it.
   *[other] { $most } requests of yours are still at work; wait for one of them, or withdraw one.
}
ask-daily = { $left ->
    [0] Your { $most } pictures of today are made; ask again in { $hours } h.
    [one] You have one picture left of today's { $most }; ask for one, or again in { $hours } h.
   *[other] You have { $left } pictures left of today's { $most }; ask for fewer, or again in { $hours } h.
}
ask-too-long = Your words are { $value } characters long; I read at most { $most }. Shorten them and ask again.
ask-too-large = { NUMBER($value, useGrouping: 0) } pixels are too many for one side here; choose at most { NUMBER($most, useGrouping: 0) }.
failed-undelivered = The result could not be delivered, however often I tried; ask for your history to see it.
request-without-brief = The plan for this picture is missing; please ask again.
render-incomplete = Only { $made } of { $wanted } pictures were made; please ask again.
