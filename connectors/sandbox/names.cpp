#include "connectors/sandbox/names.h"

#include <vector>

namespace tongban::sandbox {

namespace {

using Words = std::vector<std::string>;

std::string surname(Random& random) {
    static const Words common = {"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周",
                                 "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭",
                                 "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐"};
    static const Words local = {"马", "杨", "丁", "哈", "纳", "虎", "海", "白", "金", "拓"};
    static const Words compound = {"欧阳", "司马", "诸葛", "上官"};
    if (random.one_in(60)) return random.pick(compound);
    return random.one_in(4) ? random.pick(local) : random.pick(common);
}

std::string given(Random& random, Sex sex, int birth_year) {
    static const Words men_before = {
        "建", "国", "强", "军", "伟", "勇", "斌", "涛", "明", "志", "平", "海"};
    static const Words men_after = {
        "磊", "超", "浩", "鹏", "宇", "轩", "泽", "俊", "凯", "博", "晨", "阳"};
    static const Words women_before = {
        "丽", "敏", "静", "芳", "燕", "霞", "玲", "娟", "红", "萍", "英", "琴"};
    static const Words women_after = {
        "婷", "雪", "倩", "悦", "欣", "怡", "涵", "梦", "瑶", "佳", "颖", "琳"};
    static const Words gbk_only = {"喆", "堃", "犇", "玥", "镕", "祎"};
    // Outside GBK: two bytes in GB18030, four bytes, and beyond the basic plane.
    static const Words beyond_gbk = {"䶮", "㛃", "𬭬", "𠅤"};
    const bool early = birth_year < 1985;
    const Words& pool =
        sex == Sex::male ? (early ? men_before : men_after) : (early ? women_before : women_after);
    std::string last = random.pick(pool);
    if (random.one_in(10))
        last = random.pick(beyond_gbk);
    else if (random.one_in(12))
        last = random.pick(gbk_only);
    if (random.one_in(6)) return last;
    return random.pick(pool) + last;
}

std::string dotted(Random& random, Sex sex) {
    static const Words men = {"买买提", "阿不都", "艾尼瓦尔", "吐尔逊", "艾力", "木合塔尔"};
    static const Words women = {"阿依古丽", "古丽娜尔", "热依汗", "帕提古丽", "米娜瓦尔"};
    static const Words fathers = {"艾合买提", "吾斯曼", "卡德尔", "热合曼", "依明", "托合提"};
    const std::string own = random.pick(sex == Sex::male ? men : women);
    return own + "·" + random.pick(fathers);
}

}  // namespace

std::string person_name(Random& random, Sex sex, int birth_year) {
    if (random.one_in(12)) return dotted(random, sex);
    const std::string family = surname(random);
    return family + given(random, sex, birth_year);
}

std::string employer_name(Random& random) {
    static const Words marks = {"云帆",
                                "秦岭",
                                "华岳",
                                "渭滨",
                                "曲江",
                                "长乐",
                                "未名",
                                "锦业",
                                "丰禾",
                                "朱雀",
                                "凤城",
                                "灞柳"};
    static const Words trades = {"精密制造",
                                 "软件技术",
                                 "航空零部件",
                                 "生物医药",
                                 "建筑设计",
                                 "物流",
                                 "食品",
                                 "新能源",
                                 "检测技术",
                                 "文化传播"};
    static const Words forms = {"有限公司", "有限责任公司", "股份有限公司"};
    const std::string mark = random.pick(marks);
    const std::string trade = random.pick(trades);
    return "西安" + mark + trade + random.pick(forms);
}

std::string home_address(Random& random) {
    static const Words streets = {"金凤区上海西路",
                                  "兴庆区凤凰北街",
                                  "金凤区正源南街",
                                  "西夏区怀远东路",
                                  "兴庆区民族北街",
                                  "金凤区亲水大街"};
    static const Words estates = {
        "春晖苑", "丽景园", "湖畔嘉苑", "银湖家园", "悦海新天地", "塞上骄子"};
    const std::string street = random.pick(streets);
    std::string text = "银川市" + street + std::to_string(random.between(8, 399)) + "号";
    text += random.pick(estates);
    text += std::to_string(random.between(1, 32)) + "号楼";
    text += std::to_string(random.between(1, 4)) + "单元";
    text += std::to_string(random.between(1, 18));
    return text + padded(random.between(1, 4), 2) + "室";
}

}  // namespace tongban::sandbox
