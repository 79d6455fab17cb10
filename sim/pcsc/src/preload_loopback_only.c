/* Part of what is preloaded into a private pcscd: the vpcd driver binds its readers' ports to every network
 * interface and has no setting for it, so that whoever reaches them could play a card. Here "every interface"
 * becomes loopback; every other bind passes through. */
#define _DEFAULT_SOURCE
#include <string.h>
#include <unistd.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>

int bind(int fd, const struct sockaddr* address, socklen_t size) {
  struct sockaddr_in own;
  if (address != NULL && size >= sizeof own && address->sa_family == AF_INET) {
    memcpy(&own, address, sizeof own);
    if (own.sin_addr.s_addr == htonl(INADDR_ANY)) own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return (int)syscall(SYS_bind, fd, &own, sizeof own);
  }
  return (int)syscall(SYS_bind, fd, address, size);
}
