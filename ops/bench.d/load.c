/* Load generator for reportd and Redis: one thread, epoll, N connections, D requests under way on each.
 *
 *   load PROTOCOL PORT CONNECTIONS DEPTH SECONDS DUMP     PROTOCOL: resp or line
 *   load set PORT DUMP                                    stores every pair of the dump in Redis
 *
 * DUMP holds pairs: length of key 4, length of value 4 (little endian), key, value. Prints one line of JSON.
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

#define MAXIMUM_DEPTH 1024
#define LATENCIES (1 << 21)

struct pair { const char *key, *value; uint32_t key_length, value_length; };

struct connection {
    int socket;
    size_t skip;                 /* bytes of a payload still to come */
    char line[256];              /* beginning of a reply's first line */
    size_t line_length;
    double sent[MAXIMUM_DEPTH];  /* when the requests under way were sent, a ring */
    unsigned first, under_way;
    char *output;
    size_t output_start, output_end, output_capacity;
};

static struct pair *pairs;
static size_t pair_count;
static int is_resp;
static uint32_t *latencies;
static uint64_t replies, bytes, random_state = 88172645463325252ull;

static void die(const char *what) { fprintf(stderr, "load: %s: %s\n", what, strerror(errno)); exit(1); }

static uint64_t next_random(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    return random_state ^= random_state << 17;
}

static void read_dump(const char *path) {
    struct stat status;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &status)) die(path);
    const char *map = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (map == MAP_FAILED) die(path);
    size_t capacity = 1024, offset = 0;
    pairs = malloc(capacity * sizeof *pairs);
    while (offset + 8 <= (size_t)status.st_size) {
        struct pair pair;
        memcpy(&pair.key_length, map + offset, 4);
        memcpy(&pair.value_length, map + offset + 4, 4);
        pair.key = map + offset + 8;
        pair.value = pair.key + pair.key_length;
        offset += 8 + (size_t)pair.key_length + pair.value_length;
        if (pair_count == capacity) pairs = realloc(pairs, (capacity *= 2) * sizeof *pairs);
        pairs[pair_count++] = pair;
    }
    close(file);
}

static int connect_to(int port) {
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    int one = 1, new = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (new < 0 || connect(new, (struct sockaddr *)&address, sizeof address)) die("connect");
    setsockopt(new, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return new;
}

/* Appends one request for a random key. */
static void ask(struct connection *connection, double time) {
    const struct pair *pair = &pairs[next_random() % pair_count];
    size_t room = pair->key_length + 64;
    if (connection->output_end + room > connection->output_capacity) {
        connection->output_capacity = 2 * (connection->output_end + room);
        connection->output = realloc(connection->output, connection->output_capacity);
    }
    char *to = connection->output + connection->output_end;
    int count = is_resp
        ? sprintf(to, "*2\r\n$3\r\nGET\r\n$%u\r\n", pair->key_length)
        : sprintf(to, "GET ");
    memcpy(to + count, pair->key, pair->key_length);
    count += (int)pair->key_length;
    count += sprintf(to + count, is_resp ? "\r\n" : "\n");
    connection->output_end += (size_t)count;
    connection->sent[(connection->first + connection->under_way++) % MAXIMUM_DEPTH] = time;
}

static void send_output(struct connection *connection) {
    while (connection->output_start < connection->output_end) {
        ssize_t count = send(connection->socket, connection->output + connection->output_start,
                             connection->output_end - connection->output_start, 0);
        if (count < 0 && errno == EAGAIN) return;   /* requests are short: the next turn sends them */
        if (count < 0) die("send");
        connection->output_start += (size_t)count;
    }
    connection->output_start = connection->output_end = 0;
}

/* One reply has begun: bytes that follow its first line. */
static size_t payload_length(const char *line) {
    if (is_resp && line[0] == '$' && line[1] != '-') return strtoul(line + 1, NULL, 10) + 2;
    if (!is_resp && line[0] == '+') return strtoul(strrchr(line, ' ') + 1, NULL, 10) + 1;
    fprintf(stderr, "load: unexpected reply: %s\n", line);
    exit(1);
}

static void finish(struct connection *connection, double time) {
    double micros = (time - connection->sent[connection->first]) * 1e6;
    latencies[micros >= LATENCIES ? LATENCIES - 1 : (size_t)micros]++;
    connection->first = (connection->first + 1) % MAXIMUM_DEPTH;
    connection->under_way--;
    replies++;
}

static void take(struct connection *connection, const char *from, size_t count, double time) {
    bytes += count;
    while (count > 0) {
        if (connection->skip > 0) {
            size_t part = count < connection->skip ? count : connection->skip;
            connection->skip -= part;
            from += part;
            count -= part;
            if (connection->skip == 0) finish(connection, time);
            continue;
        }
        const char *end = memchr(from, '\n', count);
        size_t part = end ? (size_t)(end - from) + 1 : count;
        if (connection->line_length + part >= sizeof connection->line) { errno = EPROTO; die("reply"); }
        memcpy(connection->line + connection->line_length, from, part);
        connection->line_length += part;
        from += part;
        count -= part;
        if (!end) continue;
        connection->line[connection->line_length - 1] = 0;
        connection->skip = payload_length(connection->line);
        connection->line_length = 0;
    }
}

static void store_all(int port) {
    int server = connect_to(port);
    FILE *out = fdopen(dup(server), "w");
    char reply[5];
    for (size_t index = 0; index < pair_count; index++) {
        fprintf(out, "*3\r\n$3\r\nSET\r\n$%u\r\n", pairs[index].key_length);
        fwrite(pairs[index].key, 1, pairs[index].key_length, out);
        fprintf(out, "\r\n$%u\r\n", pairs[index].value_length);
        fwrite(pairs[index].value, 1, pairs[index].value_length, out);
        fprintf(out, "\r\n");
        fflush(out);
        if (recv(server, reply, 5, MSG_WAITALL) != 5 || memcmp(reply, "+OK\r\n", 5)) die("SET");
    }
    printf("{\"stored\":%zu}\n", pair_count);
}

static double percentile(double share) {
    uint64_t wanted = (uint64_t)((double)replies * share), seen = 0;
    for (size_t micros = 0; micros < LATENCIES; micros++) {
        seen += latencies[micros];
        if (seen > wanted) return (double)micros;
    }
    return LATENCIES;
}

int main(int count, char **arguments) {
    static char input[1 << 18];
    if (count == 4 && strcmp(arguments[1], "set") == 0) {
        read_dump(arguments[3]);
        store_all(atoi(arguments[2]));
        return 0;
    }
    if (count != 7) { fprintf(stderr, "usage: load resp|line PORT CONNECTIONS DEPTH SECONDS DUMP\n"); return 2; }
    is_resp = strcmp(arguments[1], "resp") == 0;
    int connections = atoi(arguments[3]), depth = atoi(arguments[4]);
    if (depth < 1 || depth > MAXIMUM_DEPTH || connections < 1) { fprintf(stderr, "load: bad numbers\n"); return 2; }
    read_dump(arguments[6]);
    if (pair_count == 0) { fprintf(stderr, "load: no keys\n"); return 1; }
    latencies = calloc(LATENCIES, sizeof *latencies);
    struct connection *all = calloc((size_t)connections, sizeof *all);
    int poll = epoll_create1(0);
    double started = now(), until = started + atof(arguments[5]), time = started;
    for (int index = 0; index < connections; index++) {
        struct epoll_event event = { .events = EPOLLIN, .data.ptr = &all[index] };
        all[index].socket = connect_to(atoi(arguments[2]));
        fcntl(all[index].socket, F_SETFL, O_NONBLOCK);
        epoll_ctl(poll, EPOLL_CTL_ADD, all[index].socket, &event);
        for (int request = 0; request < depth; request++) ask(&all[index], time);
        send_output(&all[index]);
    }
    while (time < until) {
        struct epoll_event events[256];
        int ready = epoll_wait(poll, events, 256, 1000);
        if (ready == 0) { errno = ETIMEDOUT; die("no reply"); }
        for (int index = 0; index < ready; index++) {
            struct connection *connection = events[index].data.ptr;
            ssize_t got = recv(connection->socket, input, sizeof input, 0);
            if (got == 0 || (got < 0 && errno != EAGAIN)) die("recv");
            if (got < 0) continue;
            time = now();
            take(connection, input, (size_t)got, time);
            while (connection->under_way < (unsigned)depth) ask(connection, time);
            send_output(connection);
        }
    }
    double seconds = time - started;
    printf("{\"perSecond\":%.0f,\"p50\":%.0f,\"p99\":%.0f,\"megabytesPerSecond\":%.0f}\n",
           (double)replies / seconds, percentile(0.5), percentile(0.99), (double)bytes / seconds / 1e6);
    return 0;
}
