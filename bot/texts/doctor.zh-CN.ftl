# 体检发现了什么，以及该做什么。

doctor-well = 一切正常。
doctor-doubtful = Atelier 可以工作；标有 ! 的各行说明还缺什么、该怎么做。
doctor-ill = 在 Atelier 能工作之前还有事要做；请看标有 ✗ 的各行。

doctor-data-good = 数据保存在 { $folder }；那里还有 { $free } GiB 空间。
doctor-data-full = { $folder } 所在处只剩 { $free } GiB；请腾出空间，或设置 ATELIER_DATA_DIR。
doctor-data-closed = { $folder } 无法写入；请给此用户权限，或设置 ATELIER_DATA_DIR。
doctor-data-failed = 无法查看数据文件夹：{ $why }
doctor-database-good = 数据库 { $database } 是最新的。
doctor-database-new = 还没有数据库；第一个需要它的命令会创建 { $database }。
doctor-database-old = { $database } 的表不是最新的；请运行“atelier db upgrade”。
doctor-database-failed = 无法查看数据库：{ $why }
doctor-blobs-good = 图片保存在 { $where }；读写正常。
doctor-blobs-new = 还没有图片；将保存在 { $where }。
doctor-blobs-failed = 无法保存图片：{ $why }
doctor-model-good = 模型 { $model } 已就位。
doctor-model-hub = 画第一张时会从 hub 下载模型 { $model }；若要避免，请在 ATELIER_MODEL 中给出文件夹。
doctor-model-missing = 找不到模型 { $model }；请把 ATELIER_MODEL 设为 sketchbook、hub 名称或 diffusers 格式的文件夹。
doctor-model-failed = 无法查找模型：{ $why }
doctor-clip-good = 概念过滤器使用 { $folder }。
doctor-clip-missing = { $folder } 里没有 CLIP，每张图都得等管理员；请把 ATELIER_CLIP_MODEL 设为 sketchbook 或含有 CLIP 的文件夹。
doctor-clip-failed = 无法查找 CLIP：{ $why }
doctor-device-gpu = torch { $version } 在 GPU 上作画。
doctor-device-cpu = torch { $version } 在 { $cores } 个处理器核心上作画。
doctor-device-wanted = ATELIER_DEVICE 是 cuda，但没有 NVIDIA 驱动；请安装，或设置 ATELIER_DEVICE=auto。
doctor-device-mismatch = 有 GPU，但 torch { $version } 用不了；请安装 CUDA 版的 torch。
doctor-device-missing = 没有安装 torch；请运行“make setup”。
doctor-device-failed = 无法查看设备：{ $why }
doctor-expander-offline = 愿望在本机变成画作说明；设置 ATELIER_LLM_MODEL 可交给语言模型。
doctor-expander-none = 愿望按原话使用（ATELIER_EXPANDER=none）。
doctor-expander-good = { $url } 的 { $model } 把愿望变成画作说明。
doctor-expander-nameless = ATELIER_EXPANDER 是 llm，但没有指定模型；请设置 ATELIER_LLM_MODEL。
doctor-expander-key = { $url } 不接受密钥；请检查 ATELIER_LLM_API_KEY。在此之前愿望在本机展开。
doctor-expander-unserved = { $url } 不提供 { $model }；请检查 ATELIER_LLM_MODEL。在此之前愿望在本机展开。
doctor-expander-unreachable = { $url } 没有回应；请检查 ATELIER_LLM_BASE_URL。在此之前愿望在本机展开。
doctor-expander-failed = 无法查看扩写器：{ $why }
doctor-chats-good = { $name }：令牌看起来正确。
doctor-chats-unused = 没有使用 { $name }；设置 { $setting } 即可启用。
doctor-chats-shape = { $name }：{ $setting } 不像是令牌；请重新复制。
doctor-chats-failed = 无法查看聊天：{ $why }
doctor-desk-unused = 没有网页审核台；设置 ATELIER_DESK_URL 即可启用。
doctor-desk-good = 审核员在 { $url } 找到审核台；用“atelier desk link”进入。
doctor-desk-open = 审核台的地址 { $url } 不是 https://，审核员看到的内容在路上可能被读取；请在前面放一个带证书的代理。
doctor-desk-failed = 无法查看审核台的设置：{ $why }
doctor-font-good = 中文说明用 { $font } 书写。
doctor-font-missing = 这里没有能写中文的字体，说明文字会用英文；请安装 fonts-noto-cjk 或设置 ATELIER_FONT_FILE。
doctor-font-failed = 无法查看字体：{ $why }
