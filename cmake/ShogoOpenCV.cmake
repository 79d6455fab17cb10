# Debian ships OpenCVConfig.cmake only with the whole of OpenCV (GUI, video, machine learning, …). shogo needs three parts,
# so it looks for them by name: target shogo::opencv (core, imgproc, imgcodecs).
find_path(SHOGO_OPENCV_INCLUDE opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
find_library(SHOGO_OPENCV_CORE opencv_core REQUIRED)
find_library(SHOGO_OPENCV_IMGPROC opencv_imgproc REQUIRED)
find_library(SHOGO_OPENCV_IMGCODECS opencv_imgcodecs REQUIRED)
add_library(shogo_opencv INTERFACE)
add_library(shogo::opencv ALIAS shogo_opencv)
target_include_directories(shogo_opencv SYSTEM INTERFACE "${SHOGO_OPENCV_INCLUDE}")
target_link_libraries(shogo_opencv INTERFACE "${SHOGO_OPENCV_IMGCODECS}" "${SHOGO_OPENCV_IMGPROC}" "${SHOGO_OPENCV_CORE}")
