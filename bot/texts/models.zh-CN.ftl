# 关于绘画之外的模型：谁来看图，谁来放大。

describe-by-captioner = 看图的是一个图像描述模型；它只说英文，也可能看错。
larger-resampled = 这张只做了普通放大：放大模型没能处理它，或者画出了不能展示的内容。
history-description = （把一张图说成文字）
history-larger = （放大）{ $wish }

settings-no-captioner = ATELIER_DESCRIBER 是 captioner，但没有指定模型；请把 ATELIER_CAPTIONER 设为它所在的文件夹。
settings-no-onlooker = ATELIER_DESCRIBER 是 llm，但没有指定模型；请设置 ATELIER_LLM_MODEL。

doctor-models-upscaler = 图片由 { $folder } 里的模型放大。
doctor-models-no-upscaler = { $folder } 里没有放大模型，图片只会普通放大；请把 ATELIER_UPSCALER 设为 transformers 的 Swin2SR 或 diffusers 的 Stable Diffusion 放大模型，或者清空它。
doctor-models-captioner = { $folder } 里的模型负责说出图里有什么。
doctor-models-no-captioner = { $folder } 里没有图像描述模型，改由自带模型看图；请把 ATELIER_CAPTIONER 设为 transformers 的图像描述模型，或者清空它。
doctor-models-captioner-missing = ATELIER_DESCRIBER 是 captioner，但没有指定模型；请把 ATELIER_CAPTIONER 设为它所在的文件夹。
doctor-models-llm-missing = ATELIER_DESCRIBER 是 llm，但没有指定模型；请设置 ATELIER_LLM_MODEL。
doctor-models-failed = 无法检查看图和放大用的模型：{ $why }
