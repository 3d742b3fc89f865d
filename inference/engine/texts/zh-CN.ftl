### 引擎要说的话：任务为何不能做、绘制为何失败、哪些内容被截去。

job-bad-size = 无法绘制 { NUMBER($width, useGrouping: 0) }×{ NUMBER($height, useGrouping: 0) } 的图片；边长请取 { NUMBER($least, useGrouping: 0) } 到 { NUMBER($most, useGrouping: 0) } 像素，且为 { $multiple } 的倍数。
job-bad-count = 一次不能画 { $value } 张；请选 { $least } 到 { $most } 张。
job-bad-steps = 步数 { NUMBER($value, useGrouping: 0) } 不可用；请选 { $least } 到 { $most } 步。
job-bad-guidance = 引导强度 { $value } 不可用；请选 { $least } 到 { $most }。
job-bad-seed = 种子 { NUMBER($value, useGrouping: 0) } 超出范围；请选 { $least } 到 { NUMBER($most, useGrouping: 0) } 之间的整数。
job-bad-strength = 参考强度 { $strength } 不可用；请选大于 0、不超过 1 的数。
job-bad-lora-count = 不能同时用 { $value } 种风格；最多 { $most } 种。
job-bad-lora-strength = 风格强度 { $value } 不可用；请选 { $least } 到 { $most }。
render-model-missing = 找不到模型“{ $model }”；请把 ATELIER_MODEL 改成 sketchbook、一个文件夹或模型库名称，或先下载该模型。
render-model-broken = 无法读取模型“{ $model }”；它必须是完整的 diffusers 文件夹，并带有 safetensors 权重。
render-no-device = 没有“{ $device }”这个设备；请把 ATELIER_DEVICE 设为 auto 或 cpu。
render-no-reference = 模型“{ $model }”不能从图片开始画；请去掉参考图。
render-reference-missing = 参考图已经不在了；请重新发送。
render-lora-missing = 没有“{ $lora }”这种风格；请从这个模型会的风格里选。
render-no-mask = 模型“{ $model }”不能只重画图片的一部分；请去掉遮罩。
render-mask-missing = 标出要重画部分的遮罩已经不在了；请重新发送。
render-size-unfit = 这个模型要求边长是 { $multiple } 像素的倍数；请换一个尺寸。
render-steps-unfit = 这个模型不能用 { $steps } 步来画；请换一个步数。
render-out-of-memory = 设备内存放不下这张图；请选小一些的尺寸。
render-broken-picture = 模型两次画出的图都是坏的；请换个说法或换个种子再试。
render-failed = 这张图没能画出来；请再试一次，若仍然失败，请告诉运营者。
render-stopped = 画师正在停机；请过一分钟再试。
render-notice-prompt-cut = 描述超出了这个模型能读的长度，末尾 { $words } 个词没有用上；短一些就能全部读到。
render-notice-negative-cut = 要避开的内容超出了这个模型能读的长度，末尾 { $words } 个词没有用上；短一些就能全部读到。
render-notice-negative-ignored = 这个模型不会避开内容；要避开的那些话没有起作用。
