# What is said of the models beside the painter: who looks at pictures, who enlarges them.

describe-by-captioner = A captioning model looked; it speaks English and may be mistaken.
larger-resampled = It was enlarged plainly: the upscaler could not do this one, or drew what may not be shown.
history-description = (a picture in words)
history-larger = (larger) { $wish }

settings-no-captioner = ATELIER_DESCRIBER is captioner, but no model is named; set ATELIER_CAPTIONER to its folder.
settings-no-onlooker = ATELIER_DESCRIBER is llm, but no model is named; set ATELIER_LLM_MODEL.

doctor-models-upscaler = Pictures are enlarged by the model in { $folder }.
doctor-models-no-upscaler = There is no upscaler in { $folder }, so pictures are only resampled; set ATELIER_UPSCALER to a Swin2SR of transformers or a Stable Diffusion upscaler of diffusers, or empty it.
doctor-models-captioner = The model in { $folder } says what is in pictures.
doctor-models-no-captioner = There is no captioner in { $folder }, so the bundled model describes pictures; set ATELIER_CAPTIONER to an image-to-text model of transformers, or empty it.
doctor-models-captioner-missing = ATELIER_DESCRIBER is captioner, but no model is named; set ATELIER_CAPTIONER to its folder.
doctor-models-llm-missing = ATELIER_DESCRIBER is llm, but no model is named; set ATELIER_LLM_MODEL.
doctor-models-failed = The models that describe and enlarge pictures could not be looked for: { $why }
