#include "base/radicals.h"

#include "base/text.h"

namespace tongban {
namespace {

constexpr char32_t first_kangxi = 0x2F00;

// In the order of their code points; UnicodeData.txt, field 5.
constexpr std::u32string_view kangxi =
    U"一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口"
    U"囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳"
    U"心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿"
    U"片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸"
    U"缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷"
    U"豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音"
    U"頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊"
    U"齒龍龜龠";
static_assert(kangxi.size() == 0x2FD6 - first_kangxi);

char32_t character_of(char32_t point) {
    if (point >= first_kangxi && point - first_kangxi < kangxi.size())
        return kangxi[point - first_kangxi];
    if (point == 0x2E9F) return U'母';
    if (point == 0x2EF3) return U'龟';
    return point;
}

}  // namespace

std::string fold_radicals(std::string_view utf8) {
    std::u32string points = code_points(utf8);
    for (char32_t& point : points)
        point = character_of(point);
    return to_utf8(points);
}

}  // namespace tongban
