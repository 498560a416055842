/* What starting and ending costs. */
#include "checked.h"

int main(int argc, char **argv)
{
    return answer(size_from(argc, argv));
}
