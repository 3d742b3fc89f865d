# 命令 lists：已知图片。

help-lists = 已知图片的列表（只存哈希）。
help-lists-show = 显示全部列表，或某个列表的内容。
help-lists-add = 把图片加入列表；只保存哈希。
help-lists-remove = 从列表中去掉图片。
help-lists-import = 导入别处导出的列表或哈希。
help-lists-export = 把列表写到标准输出。
help-lists-name = 列表名称
help-lists-files = 图片文件
help-lists-file = “lists export” 写出的文件，或一行一个哈希
help-lists-ids = “lists show” 里的编号
help-lists-category = 内容类别：sexual、violence、hate……；child_safety 从不保存、从不展示
help-lists-decision = block 为拒绝，review 为交给审核员
help-lists-trial = 新列表先试用：只记录命中，不作处理
help-lists-kind = list，或哈希的种类：sha256、pdq

lists-none = 还没有列表；将存放在 { $folder }。
lists-one = { $name }：{ $count } 张图片（{ $kinds }）
lists-one-trial = { $name }（试用）：{ $count } 张图片（{ $kinds }）
lists-added = 列表 { $name } 新增 { $count } 张。
lists-removed = 已从列表 { $name } 去掉 { $count } 张。
lists-not-on-it = 其中有些不在列表 { $name } 上；“atelier lists show { $name }” 会列出内容。
lists-too-plain = { $file } 的内容太少，与别的图片难以区分，因此只能认出完全相同的文件。
lists-no-picture = 文件 { $path } 不是可以读取的图片。
usage-choice = { $name } 只能是 { $choices } 之一。
