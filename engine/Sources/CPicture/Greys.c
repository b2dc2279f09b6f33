#include "CPicture.h"

static inline size_t step(float grey, float scale, float last) {
    if (!(grey > 0)) return 0;
    const float step = grey * scale;
    return (size_t)(int32_t)(step < last ? step : last);
}

void lb_greys_count(const float *greys, size_t count, uint32_t *bins, size_t steps, LBGreys *counted) {
    uint32_t *const one = bins;
    uint32_t *const other = bins + steps;
    const float scale = (float)steps / 256;
    const float last = (float)(steps - 1);
    // Sums and counters that don't wait for each other: neighbours are alike as a rule, and what was written just now can't
    // be read at once.
    double sums[4] = {0};
    size_t place = 0;
    for (; place + 4 <= count; place += 4) {
        const float *four = greys + place;
        sums[0] += four[0];
        sums[1] += four[1];
        sums[2] += four[2];
        sums[3] += four[3];
        one[step(four[0], scale, last)]++;
        other[step(four[1], scale, last)]++;
        one[step(four[2], scale, last)]++;
        other[step(four[3], scale, last)]++;
    }
    for (; place < count; place++) {
        sums[0] += greys[place];
        one[step(greys[place], scale, last)]++;
    }
    uint32_t low = 0, high = 0;
    for (place = 0; place < count; place++) {
        low += greys[place] <= 0;
        high += greys[place] >= 255;
    }
    counted->sum += (sums[0] + sums[1]) + (sums[2] + sums[3]);
    counted->low += low;
    counted->high += high;
}
