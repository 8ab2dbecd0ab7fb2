// The virtual file system of SQLite that asks `test_disk` what to do.

#include "runtime/journal/test_disk.hpp"

#include <cstring>
#include <new>
#include <stdexcept>

#include <sqlite3.h>

namespace test {

namespace {

test_disk* the_disk = nullptr;
sqlite3_vfs* below = nullptr;
sqlite3_vfs shim_vfs{};

/// The default file system's file lies behind it in memory.
struct shim_file {
  sqlite3_file base;
  std::string* path;

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

shim_file& shim(sqlite3_file* file) {
  return *reinterpret_cast<shim_file*>(file);
}

template <class... Parameters>
using method = int (*sqlite3_io_methods::*)(sqlite3_file*, Parameters...);

/// Passes a call on to the file below.
template <auto Method>
struct pass;

template <class... Parameters, method<Parameters...> Method>
struct pass<Method> {
  static int call(sqlite3_file* file, Parameters... values) {
    auto* real = shim(file).real();
    return (real->pMethods->*Method)(real, values...);
  }
};

int close_file(sqlite3_file* file) {
  delete shim(file).path;
  return pass<&sqlite3_io_methods::xClose>::call(file);
}

int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 at) {
  if (auto code = the_disk->before_write(); code != SQLITE_OK) {
    the_disk->refused();
    return code;
  }
  auto* real = shim(file).real();
  auto half = the_disk->writes_half();
  auto part = half ? size / 2 : size;
  auto code = real->pMethods->xWrite(real, data, part, at);
  the_disk->wrote(*shim(file).path, at, part);
  if (!half)
    return code;
  the_disk->refused();
  return SQLITE_IOERR_WRITE;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  the_disk->truncated(*shim(file).path, size);
  return pass<&sqlite3_io_methods::xTruncate>::call(file, size);
}

int sync(sqlite3_file* file, int) {
  return the_disk->sync(*shim(file).path);
}

void shm_barrier(sqlite3_file* file) {
  auto* real = shim(file).real();
  real->pMethods->xShmBarrier(real);
}

using io = sqlite3_io_methods;

const sqlite3_io_methods shim_methods{
  3,
  close_file,
  pass<&io::xRead>::call,
  write,
  truncate,
  sync,
  pass<&io::xFileSize>::call,
  pass<&io::xLock>::call,
  pass<&io::xUnlock>::call,
  pass<&io::xCheckReservedLock>::call,
  pass<&io::xFileControl>::call,
  pass<&io::xSectorSize>::call,
  pass<&io::xDeviceCharacteristics>::call,
  pass<&io::xShmMap>::call,
  pass<&io::xShmLock>::call,
  shm_barrier,
  pass<&io::xShmUnmap>::call,
  pass<&io::xFetch>::call,
  pass<&io::xUnfetch>::call,
};

int open_file(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags,
              int* out_flags) {
  auto& made = shim(file);
  made.base.pMethods = nullptr;
  auto code = below->xOpen(below, path, made.real(), flags, out_flags);
  if (made.real()->pMethods == nullptr)
    return code;
  made.path = new std::string{path == nullptr ? "" : path};
  made.base.pMethods = &shim_methods;
  return code;
}

int remove_file(sqlite3_vfs*, const char* path, int sync_folder) {
  if (auto code = the_disk->before_write(); code != SQLITE_OK)
    return code;
  the_disk->removed(path);
  return below->xDelete(below, path, sync_folder);
}

} // namespace

test_disk::test_disk() {
  if (the_disk != nullptr)
    throw std::runtime_error{"there is a test disk already"};
  the_disk = this;
  below = sqlite3_vfs_find(nullptr);
  shim_vfs = *below;
  shim_vfs.zName = name;
  shim_vfs.szOsFile = static_cast<int>(sizeof(shim_file)) + below->szOsFile;
  shim_vfs.xOpen = open_file;
  shim_vfs.xDelete = remove_file;
  sqlite3_vfs_register(&shim_vfs, 0);
}

test_disk::~test_disk() {
  sqlite3_vfs_unregister(&shim_vfs);
  the_disk = nullptr;
}

} // namespace test
