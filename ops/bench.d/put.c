/* Load generator for durable writes: one thread, epoll, N connections, one write under way on each, every pair once.
 *
 *   put line|resp|etcd PORT CONNECTIONS SECONDS DUMP
 *
 * line: PUTREC of reportd; resp: SET of Redis; etcd: POST /v3/kv/put of etcd's HTTP gateway, base64 made beforehand.
 * DUMP as for load.c. Ends when every pair is stored or the time is over. Prints one line of JSON.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"

struct request { char *bytes; size_t length; };
struct connection { int socket; char reply[65536]; size_t length; double sent; };

static struct request *requests;
static size_t request_count;
static const char *protocol;

static void die(const char *what) { fprintf(stderr, "put: %s: %s\n", what, strerror(errno)); exit(1); }

static size_t base64(char *to, const char *from, size_t count) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *bytes = (const unsigned char *)from;
    size_t length = 0;
    for (size_t index = 0; index < count; index += 3) {
        size_t rest = count - index;
        unsigned word = (unsigned)bytes[index] << 16 | (rest > 1 ? (unsigned)bytes[index + 1] << 8 : 0) | (rest > 2 ? bytes[index + 2] : 0);
        to[length++] = digits[word >> 18];
        to[length++] = digits[word >> 12 & 63];
        to[length++] = rest > 1 ? digits[word >> 6 & 63] : '=';
        to[length++] = rest > 2 ? digits[word & 63] : '=';
    }
    return length;
}

static struct request make(const char *key, size_t key_length, const char *value, size_t value_length) {
    struct request made = { malloc(2 * (key_length + value_length) + 512), 0 };
    char *to = made.bytes;
    if (strcmp(protocol, "line") == 0) {
        to += sprintf(to, "PUTREC %zu\n{\"record\":", value_length + 11);
        memcpy(to, value, value_length);
        to += value_length;
        *to++ = '}';
    } else if (strcmp(protocol, "resp") == 0) {
        to += sprintf(to, "*3\r\n$3\r\nSET\r\n$%zu\r\n", key_length);
        memcpy(to, key, key_length);
        to += key_length;
        to += sprintf(to, "\r\n$%zu\r\n", value_length);
        memcpy(to, value, value_length);
        to += value_length;
        to += sprintf(to, "\r\n");
    } else {
        size_t body = 9 + (key_length + 2) / 3 * 4 + 11 + (value_length + 2) / 3 * 4 + 2;
        to += sprintf(to, "POST /v3/kv/put HTTP/1.1\r\nHost: localhost\r\nContent-Length: %zu\r\n\r\n{\"key\": \"", body);
        to += base64(to, key, key_length);
        to += sprintf(to, "\",\"value\":\"");
        to += base64(to, value, value_length);
        to += sprintf(to, "\"}");
    }
    made.length = (size_t)(to - made.bytes);
    return made;
}

static void read_dump(const char *path) {
    struct stat status;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &status)) die(path);
    const char *map = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (map == MAP_FAILED) die(path);
    size_t capacity = 1024, offset = 0;
    requests = malloc(capacity * sizeof *requests);
    while (offset + 8 <= (size_t)status.st_size) {
        uint32_t key_length, value_length;
        memcpy(&key_length, map + offset, 4);
        memcpy(&value_length, map + offset + 4, 4);
        const char *key = map + offset + 8;
        offset += 8 + (size_t)key_length + value_length;
        if (request_count == capacity) requests = realloc(requests, (capacity *= 2) * sizeof *requests);
        requests[request_count++] = make(key, key_length, key + key_length, value_length);
    }
    close(file);
}

/* Whether the reply is whole; ends the program when it is a refusal. */
static int is_whole(struct connection *connection) {
    connection->reply[connection->length] = 0;
    char *end;
    size_t wanted;
    const char *sign;
    if (strcmp(protocol, "etcd") == 0) {
        if (!(end = strstr(connection->reply, "\r\n\r\n"))) return 0;
        char *length = strcasestr(connection->reply, "content-length:");
        wanted = (size_t)(end + 4 - connection->reply) + (length ? strtoul(length + 15, NULL, 10) : 0);
        sign = " 200 OK";
    } else {
        if (!(end = strchr(connection->reply, '\n'))) return 0;
        wanted = (size_t)(end + 1 - connection->reply);
        sign = "+OK";
        if (strcmp(protocol, "line") == 0 && connection->reply[0] == '+') {
            *end = 0;
            wanted += strtoul(strrchr(connection->reply, ' ') + 1, NULL, 10) + 1;
            *end = '\n';
            sign = "\"outcome\":\"stored\"";
        }
    }
    if (connection->length < wanted) return 0;
    if (!strstr(connection->reply, sign)) {
        fprintf(stderr, "put: unexpected reply: %s\n", connection->reply);
        exit(1);
    }
    return 1;
}

static void send_next(struct connection *connection, size_t *next) {
    struct request *request = &requests[(*next)++];
    connection->length = 0;
    connection->sent = now();
    size_t start = 0;
    while (start < request->length) {
        ssize_t count = send(connection->socket, request->bytes + start, request->length - start, 0);
        if (count < 0) die("send");
        start += (size_t)count;
    }
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int count, char **arguments) {
    if (count != 6) { fprintf(stderr, "usage: put line|resp|etcd PORT CONNECTIONS SECONDS DUMP\n"); return 2; }
    protocol = arguments[1];
    size_t connections = strtoul(arguments[3], NULL, 10), next = 0, done = 0;
    read_dump(arguments[5]);
    if (connections < 1 || request_count < connections) { fprintf(stderr, "put: too few pairs\n"); return 1; }
    struct connection *all = calloc(connections, sizeof *all);
    double *times = malloc(request_count * sizeof *times);
    int poll = epoll_create1(0);
    double started = now(), until = started + atof(arguments[4]), time = started;
    for (size_t index = 0; index < connections; index++) {
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(arguments[2])) };
        struct epoll_event event = { .events = EPOLLIN, .data.ptr = &all[index] };
        int one = 1;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        all[index].socket = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(all[index].socket, (struct sockaddr *)&address, sizeof address)) die("connect");
        setsockopt(all[index].socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        epoll_ctl(poll, EPOLL_CTL_ADD, all[index].socket, &event);
        send_next(&all[index], &next);
    }
    size_t under_way = connections;
    while (under_way > 0) {
        struct epoll_event events[256];
        int ready = epoll_wait(poll, events, 256, 30000);
        if (ready <= 0) { errno = ETIMEDOUT; die("no reply"); }
        for (int index = 0; index < ready; index++) {
            struct connection *connection = events[index].data.ptr;
            ssize_t got = recv(connection->socket, connection->reply + connection->length,
                               sizeof connection->reply - 1 - connection->length, 0);
            if (got <= 0) die("recv");
            connection->length += (size_t)got;
            if (!is_whole(connection)) continue;
            time = now();
            times[done++] = time - connection->sent;
            if (time < until && next < request_count) send_next(connection, &next); else under_way--;
        }
    }
    qsort(times, done, sizeof *times, ascending);
    printf("{\"perSecond\":%.0f,\"p50\":%.0f,\"p99\":%.0f,\"stored\":%zu}\n", (double)done / (time - started),
           times[done / 2] * 1e6, times[done * 99 / 100] * 1e6, done);
    return 0;
}
