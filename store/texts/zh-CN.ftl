# 数据库与文件可能出的问题。$place 是文件、文件夹或“主机/数据库”。

store-failed = 数据库 { $place } 报告了错误；请查看日志后重试。
store-locked = 数据库 { $place } 正忙，被另一个进程占用；请稍等，或停止那个进程，再试一次。
store-unreachable = 无法打开数据库 { $place }；请检查 ATELIER_DATABASE_URL，并确认服务器正在运行、接受该用户名和密码。
store-unsupported = { $place } 不是本程序支持的数据库；请把 ATELIER_DATABASE_URL 设为 sqlite:///文件 或 postgresql+psycopg://用户@主机/库名。
store-out-of-date = { $place } 里的数据表缺失或版本不符；请运行 “atelier db upgrade” 后重新启动。
store-too-new = { $place } 里的数据表由本程序的更新版本创建；请运行那个版本，或在 ATELIER_DATABASE_URL 中换一个数据库。
store-read-only = { $place } 无法写入；请确认它存在且当前用户有写入权限，再重试。
store-full = { $place } 所在磁盘已满；请腾出空间后重试。没有留下写了一半的内容。
store-damaged = { $place } 不是完好的数据库；请恢复最近的备份，或在 ATELIER_DATABASE_URL 中换一个文件。
store-blob-missing = 文件 { $sha256 } 已不再保存；请重新生成图片。
store-blob-damaged = 文件 { $sha256 } 在磁盘上已损坏；请从备份恢复，或重新生成图片。
