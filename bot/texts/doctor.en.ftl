# What the doctor finds, and what to do.

doctor-well = All is well.
doctor-doubtful = Atelier works; the lines marked ! say what it does without, and what to do.
doctor-ill = Something must be done before Atelier works; see the lines marked ✗.

doctor-data-good = Data is kept in { $folder }; { $free } GiB are free there.
doctor-data-full = Only { $free } GiB are free where { $folder } is; make room or set ATELIER_DATA_DIR.
doctor-data-closed = { $folder } cannot be written; give this user the right to, or set ATELIER_DATA_DIR.
doctor-data-failed = The data folder could not be looked at: { $why }
doctor-database-good = The database { $database } is up to date.
doctor-database-new = There is no database yet; the first command that needs { $database } creates it.
doctor-database-old = The tables of { $database } are not up to date; run “atelier db upgrade”.
doctor-database-failed = The database could not be looked at: { $why }
doctor-blobs-good = Pictures are kept in { $where }; writing and reading work.
doctor-blobs-new = There are no pictures yet; they will be kept in { $where }.
doctor-blobs-failed = Pictures cannot be kept: { $why }
doctor-model-good = The model { $model } is here.
doctor-model-hub = The model { $model } will be fetched from the hub at the first picture; give a folder in ATELIER_MODEL to avoid that.
doctor-model-missing = The model { $model } is not here; set ATELIER_MODEL to sketchbook, a hub name or a folder in diffusers format.
doctor-model-failed = The model could not be looked for: { $why }
doctor-clip-good = The concept filter looks with { $folder }.
doctor-clip-missing = There is no CLIP in { $folder }, so every picture would wait for a moderator; set ATELIER_CLIP_MODEL to sketchbook or a folder with one.
doctor-clip-failed = The CLIP could not be looked for: { $why }
doctor-device-gpu = torch { $version } paints on the GPU.
doctor-device-cpu = torch { $version } paints on { $cores } processor cores.
doctor-device-wanted = ATELIER_DEVICE is cuda, but there is no NVIDIA driver; install it or set ATELIER_DEVICE=auto.
doctor-device-mismatch = There is a GPU, but torch { $version } cannot use it; install the CUDA build of torch.
doctor-device-missing = torch is not installed; run “make setup”.
doctor-device-failed = The device could not be looked at: { $why }
doctor-expander-offline = Wishes become briefs offline; set ATELIER_LLM_MODEL to let a language model do it.
doctor-expander-none = Wishes are used word for word (ATELIER_EXPANDER=none).
doctor-expander-good = { $model } at { $url } turns wishes into briefs.
doctor-expander-nameless = ATELIER_EXPANDER is llm, but no model is named; set ATELIER_LLM_MODEL.
doctor-expander-key = { $url } does not accept the key; check ATELIER_LLM_API_KEY. Until then wishes are expanded offline.
doctor-expander-unserved = { $url } does not serve { $model }; check ATELIER_LLM_MODEL. Until then wishes are expanded offline.
doctor-expander-unreachable = { $url } does not answer; check ATELIER_LLM_BASE_URL. Until then wishes are expanded offline.
doctor-expander-failed = The expander could not be looked at: { $why }
doctor-chats-good = { $name }: the token looks right.
doctor-chats-unused = { $name } is not used; set { $setting } to serve it.
doctor-chats-shape = { $name }: { $setting } does not look like a token; copy it again.
doctor-chats-failed = The chats could not be looked at: { $why }
doctor-desk-unused = No web desk; set ATELIER_DESK_URL to have one.
doctor-desk-good = Moderators find the desk at { $url }; “atelier desk link” lets you in.
doctor-desk-open = The desk's address { $url } is not https://, so what moderators see can be read on its way; put a proxy with a certificate before it.
doctor-desk-failed = The desk's settings could not be looked at: { $why }
doctor-font-good = Chinese captions are written in { $font }.
doctor-font-missing = No font here writes Chinese, so captions fall back to English; install fonts-noto-cjk or set ATELIER_FONT_FILE.
doctor-font-failed = The fonts could not be looked at: { $why }
