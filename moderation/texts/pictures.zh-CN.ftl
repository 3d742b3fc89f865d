# 检查图片时要说的话，以及运营者的图片列表。

upload-forbidden = 这张图片不能在这里使用。
picture-unseen = 每张图片都必须经过的检查目前无法进行，因此什么都没有保留；请稍后再试。
lists-unchecked = 没能查对已知图片的列表。
concepts-unchecked = 没能判断图片的内容。
writing-unchecked = 没能读出图片上的文字。

# 列表无法使用时运营者看到的话
hash-list-unknown = 没有名为“{ $name }”的列表；“atelier lists show” 会列出全部。
hash-list-bad-name = 列表名称只能用小写字母、数字和连字符，最多 40 个；“{ $name }”不行。
hash-list-bad-row = 列表 { $path } 第 { $line } 行不是用制表符分开的编号、类别、处理方式、SHA-256、PDQ、裁剪哈希和添加者；请改正。
hash-list-bad-hash = 第 { $line } 行的开头不是 64 位十六进制的哈希；请改正。
address-list-bad-row = 网址列表 { $path } 第 { $line } 行不是主机名（后面可加类别）；请改正。
classifier-list-missing = { $path } 处没有分类器列表；请改正路径或去掉这个设置。
classifier-list-bad = 分类器列表 { $path } 无法使用（{ $why }）；请改正。
classifier-missing = { $path } 里没有 transformers 格式（含 safetensors）的图片分类器；请改正分类器列表。
classifier-bad-label = 分类器没有“{ $label }”这个标签；它的标签是 { $known }。
