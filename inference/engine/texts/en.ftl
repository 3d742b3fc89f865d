### What the engine says to people: why a job is refused, why a render failed, what was cut.

job-bad-size = A picture of { NUMBER($width, useGrouping: 0) }×{ NUMBER($height, useGrouping: 0) } cannot be made; choose sides from { NUMBER($least, useGrouping: 0) } to { NUMBER($most, useGrouping: 0) } pixels that are multiples of { $multiple }.
job-bad-count = { $value } is not a number of pictures I can make at once; ask for { $least } to { $most }.
job-bad-steps = { NUMBER($value, useGrouping: 0) } steps cannot be made; choose from { $least } to { $most }.
job-bad-guidance = A guidance of { $value } does not work; choose from { $least } to { $most }.
job-bad-seed = The seed { NUMBER($value, useGrouping: 0) } is out of range; choose a whole number from { $least } to { NUMBER($most, useGrouping: 0) }.
job-bad-strength = A strength of { $value } does not work; choose from { $least } to { $most }.
job-bad-prompt = The description has { NUMBER($length, useGrouping: 0) } characters; { NUMBER($most, useGrouping: 0) } can be read, so shorten it.
job-unreadable = This request was written by another version of the program; ask for it once more.
job-bad-lora-count = { $value } styles cannot be worn at once; choose up to { $most }.
job-bad-lora-strength = A style's strength of { $value } does not work; choose from { $least } to { $most }.
job-bad-sampler = There is no sampler “{ $sampler }”; choose one of: { $known }.
render-model-missing = The model “{ $model }” is not here; correct ATELIER_MODEL to sketchbook, a folder or a hub name, or download it first.
render-model-broken = The model “{ $model }” cannot be read; it must be a complete diffusers folder with safetensors weights.
render-model-too-large = The model “{ $model }” does not fit into the device's memory; choose a smaller model or a device with more memory.
render-no-device = The device “{ $device }” is not there; set ATELIER_DEVICE to auto or cpu.
render-no-reference = The model “{ $model }” cannot start from a picture; leave the picture out.
render-reference-missing = The picture to start from is gone; send it again.
render-lora-missing = The style “{ $lora }” is not here; choose one of the styles this model knows.
render-no-mask = The model “{ $model }” cannot repaint a part of a picture; leave the mask out.
render-mask-missing = The mask of what to paint anew is gone; send it again.
render-size-unfit = This model needs sides that are multiples of { $multiple } pixels; choose another size.
render-sampler-unfit = This model cannot paint with the sampler “{ $sampler }”; leave the sampler out.
render-steps-unfit = This model cannot paint in { $steps } steps; choose another number.
render-out-of-memory = The picture does not fit into the device's memory; choose a smaller size.
render-broken-picture = The model gave a broken picture twice; try again with other words or another seed.
render-failed = The picture could not be painted; try again, and tell the operator if it happens again.
render-stopped = The painter is being stopped; try again in a minute.
render-notice-prompt-cut = The description is longer than this model can read, so its last { $words ->
    [one] word was
   *[other] { $words } words were
} left out; a shorter one is read in full.
render-notice-negative-cut = The list of things to avoid is longer than this model can read, so its last { $words ->
    [one] word was
   *[other] { $words } words were
} left out; a shorter one is read in full.
render-notice-negative-ignored = This model cannot avoid things; what you asked it to leave out had no effect.
