# 为什么现在或这样不行；途中出了什么问题。

ask-banned = 您不能再在这里请求图片；如果觉得不对，请写信给管理员。
ask-paused = 由于之前的警告，您需要暂停；{ $minutes } 分钟后可以再试。
ask-concurrent = 您还有 { $most } 个请求正在处理；请等其中一个完成，或撤回一个。
ask-daily = { $left ->
    [0] 您今天的 { $most } 张已经画完；请 { $hours } 小时后再来。
   *[other] 今天的 { $most } 张还剩 { $left } 张；请少要几张，或 { $hours } 小时后再来。
}
ask-too-long = 您的文字有 { $value } 个字符，我最多读 { $most } 个。请缩短后再试。
ask-too-large = 这里每边最多 { NUMBER($most, useGrouping: 0) } 像素，{ NUMBER($value, useGrouping: 0) } 太大了。
failed-undelivered = 试了很多次都没能送达；请查看您的历史记录。
request-without-brief = 这张图的画作说明不见了，请再试一次。
render-incomplete = { $wanted } 张图只画出了 { $made } 张，请再试一次。
