# doctor 对图片过滤器的检查结果。

doctor-pictures-lists-good = 已知图片：{ $folder } 中有 { $lists } 个列表，共 { $count } 张。
doctor-pictures-lists-none = 已知图片：还没有列表；“atelier lists add” 会在 { $folder } 中建立。
doctor-pictures-lists-bad = { $folder } 中的已知图片列表无法使用，所有图片都会等待或被拒绝：{ $why }
doctor-pictures-concepts-good = 按 { $path } 中的概念检查图片。
doctor-pictures-concepts-bad = { $why } 在此之前，每张图片都要等审核员。
doctor-pictures-classifiers-good = { $path } 中的分类器也会检查图片。
doctor-pictures-classifiers-bad = { $why } 在此之前，每张图片都要等审核员。
doctor-pictures-addresses-good = 图片不能指向 { $path } 中的网址。
doctor-pictures-addresses-bad = { $why } 在此之前，每张图片都要等审核员。
doctor-pictures-text-good = 会读取图片上的文字。
doctor-pictures-text-missing = 无法读取图片上的文字，每张图片都要等审核员；请运行 pip install -e '.[ocr]' -c constraints.txt，或设 ATELIER_PICTURE_TEXT=none。
doctor-pictures-codes-good = 会读取图片上的二维码和条码。
doctor-pictures-codes-missing = 无法读取图片上的二维码和条码，每张图片都要等审核员；请运行 pip install -e '.[codes]' -c constraints.txt，或去掉 ATELIER_PICTURE_CODES。
doctor-pictures-safety-told = 儿童安全：拒绝的图片会通知 ATELIER_CHILD_SAFETY_URL。
doctor-pictures-safety-untold = 儿童安全：拒绝的图片只有记录，没有通知任何人；请设置 ATELIER_CHILD_SAFETY_URL。
doctor-pictures-safety-waiting = 儿童安全：有 { $count } 条拒绝记录等待通知。
doctor-pictures-safety-dead = 儿童安全：有 { $count } 条拒绝记录始终没能通知，已放弃；请手动处理，记录在表 safety_reports 中。
doctor-pictures-failed = 没能检查图片过滤器：{ $why }
