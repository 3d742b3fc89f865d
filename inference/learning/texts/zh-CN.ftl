# 投票，以及导出投票。

vote-grid-gone = 这些图片已不在，投票未计入；请重新生成。
vote-not-in-grid = 这组图片里没有这一张；请从显示的图片中选择。
vote-unknown-kind = “{ $kind }” 不是一种投票；请选出最好的一张、选“不分上下”，或选“都不行”。
export-in-the-way = { $folder } 里已有其他内容；请指定一个新的或空的文件夹。
export-failed = 无法把投票写入 { $folder }；请确认当前用户可以写入且磁盘有空间。
