#include <algorithm>

#include <shogo/layouts/picture.h>
#include <shogo/layouts/survey.h>

namespace shogo::layouts {
namespace {

void count_people(const ImagePairs& pictures, Survey& found) {
  std::vector<std::size_t> each(pictures.subjects.size());
  for (const std::uint32_t subject : pictures.subject) ++each[subject];
  std::uint64_t same = 0;
  for (const std::size_t n : each) {
    same += std::uint64_t{n} * (n - std::min<std::size_t>(n, 1)) / 2;
    found.single += n == 1 ? 1 : 0;
  }
  found.people = each.size();
  found.pictures = pictures.images.size();
  if (pictures.pairs.empty()) {
    const std::uint64_t all = pictures.images.size();
    found.genuine = same;
    found.impostor = all * (all - std::min<std::uint64_t>(all, 1)) / 2 - same;
  }
  for (const ImagePairs::Pair& pair : pictures.pairs)
    ++(pictures.subject[pair.reference] == pictures.subject[pair.probe] ? found.genuine : found.impostor);
  if (each.empty()) return;
  std::sort(each.begin(), each.end());
  found.fewest = each.front();
  found.median = each[each.size() / 2];
  found.most = each.back();
}

}  // namespace

Result<Survey> survey(const std::filesystem::path& folder, const ImagePairs& pictures,
                      const std::function<bool(std::size_t)>& keep_going) {
  Survey found;
  count_people(pictures, found);
  bool any = false;
  for (std::size_t i = 0; i < pictures.images.size(); ++i) {
    const auto path = find_image(folder, pictures.images[i]);
    const auto picture = path.ok() ? read_picture(*path) : Result<Image>(path.error());
    if (!picture.ok()) {
      found.unreadable.push_back(picture.error().describe());
    } else {
      const int width = picture->width, height = picture->height;
      found.least_width = any ? std::min(found.least_width, width) : width;
      found.least_height = any ? std::min(found.least_height, height) : height;
      found.most_width = std::max(found.most_width, width);
      found.most_height = std::max(found.most_height, height);
      any = true;
    }
    if (!keep_going(i + 1)) return Error{Code::kCancelled, "stopped"};
  }
  return found;
}

}  // namespace shogo::layouts
