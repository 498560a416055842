/* Calls of programs from Python without ctypes: the module pymdvm.engines._callers, which is there where a C compiler and Python.h were
   when the package was built.  pymdvm/engines/callers.py is what there is without it, and says who uses it.

   Here go only the calls that need nothing besides: with the usual options, arguments that are scalars, and a result that is soon
   there.  All else is handed to the Python code, which is the one to say what is right: before the VM is entered to the method
   _call_slowly, amid a call to _end_call, and behind it to _result_of.

   The calls that go the other way, of functions that a program is given, are here too as long as they are as plain: serve_calls. */

#define Py_LIMITED_API 0x030a0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>
#include <string.h>
#include "embedding.h"

/* PROTOCOL_...: the numbers of mdvm/embedding/protocol.py, which tools/callers.py gives the compiler. */

#define INTERFACE 2             /* of callers.py: counted up with each change of what the two call */
#define WORD 8
#define SENT_SIZE 768           /* bytes of the arguments */
#define RECEIVED_SIZE 768       /* and of the result */
#define ENTRY "pymdvm.entry"

/* ____________________________________________________________ the VM */

/* How a VM is called.  ended_handles: not empty when the session has something to do first; is_plain: whether the JIT has its usual
   parameters; keeper: what keeps the library loaded. */
struct entry {
    __typeof__(mdvm_run) *run;
    __typeof__(mdvm_leave) *leave;
    __typeof__(mdvm_give_result) *give_result;
    const struct mdvm_bytes *answer, *output;
    const int *level;
    PyObject *ended_handles, *keeper;
    int is_plain;
};

static void free_entry(PyObject *capsule)
{
    struct entry *entry = PyCapsule_GetPointer(capsule, ENTRY);
    Py_DECREF(entry->ended_handles);
    Py_DECREF(entry->keeper);
    PyMem_Free(entry);
}

static PyObject *make_entry(PyObject *module, PyObject *arguments)
{
    unsigned long long run, leave, answer, give_result, output, level;
    PyObject *ended_handles, *keeper, *capsule;
    struct entry *entry;
    if (!PyArg_ParseTuple(arguments, "(KKKKKK)OO", &run, &leave, &answer, &give_result, &output, &level, &ended_handles, &keeper))
        return NULL;
    entry = PyMem_Malloc(sizeof *entry);
    if (entry == NULL)
        return PyErr_NoMemory();
    entry->run = (__typeof__(mdvm_run) *)(size_t)run;
    entry->leave = (__typeof__(mdvm_leave) *)(size_t)leave;
    entry->give_result = (__typeof__(mdvm_give_result) *)(size_t)give_result;
    entry->answer = (const struct mdvm_bytes *)(size_t)answer;
    entry->output = (const struct mdvm_bytes *)(size_t)output;
    entry->level = (const int *)(size_t)level;
    entry->ended_handles = ended_handles;
    entry->keeper = keeper;
    entry->is_plain = 1;
    capsule = PyCapsule_New(entry, ENTRY, free_entry);
    if (capsule == NULL) {
        PyMem_Free(entry);
        return NULL;
    }
    Py_INCREF(ended_handles);
    Py_INCREF(keeper);
    return capsule;
}

static PyObject *set_plain(PyObject *module, PyObject *arguments)
{
    PyObject *capsule;
    struct entry *entry;
    int is_plain;
    if (!PyArg_ParseTuple(arguments, "Op", &capsule, &is_plain))
        return NULL;
    entry = PyCapsule_GetPointer(capsule, ENTRY);
    if (entry == NULL)
        return NULL;
    entry->is_plain = is_plain;
    Py_RETURN_NONE;
}

/* ____________________________________________________________ scalars */

static char *put_word(char *at, long long word)
{
    memcpy(at, &word, WORD);
    return at + WORD;
}

/* Writes one argument.  Returns behind it, or NULL, without an exception, if it is none for here. */
static char *put_scalar(char *at, const char *end, PyObject *value)
{
    if (end - at < 2 * WORD)
        return NULL;
    if (PyLong_CheckExact(value)) {
        int overflow;
        long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
        return overflow ? NULL : put_word(put_word(at, PROTOCOL_INT), number);
    }
    if (PyFloat_CheckExact(value)) {
        double number = PyFloat_AsDouble(value);
        memcpy(put_word(at, PROTOCOL_FLOAT), &number, WORD);
        return at + 2 * WORD;
    }
    if (PyUnicode_CheckExact(value)) {
        Py_ssize_t size, padded;
        const char *text = PyUnicode_AsUTF8AndSize(value, &size);
        if (text == NULL) {
            PyErr_Clear();      /* a surrogate, or no memory */
            return NULL;
        }
        padded = (size + WORD - 1) / WORD * WORD;
        if (padded > end - at - 2 * WORD)
            return NULL;
        at = put_word(put_word(at, PROTOCOL_STRING), size);
        memset(at + padded - (padded ? WORD : 0), 0, padded ? WORD : 0);
        memcpy(at, text, size);
        return at + padded;
    }
    if (value == Py_None)
        return put_word(at, PROTOCOL_EMPTY);
    if (value == Py_True || value == Py_False)
        return put_word(at, value == Py_True ? PROTOCOL_TRUE : PROTOCOL_FALSE);
    return NULL;
}

/* The value of a result, NULL without an exception if it is none for here. */
static PyObject *take_scalar(const char *bytes)
{
    long long words[2];
    double number;
    memcpy(words, bytes, WORD);
    switch (words[0]) {
    case PROTOCOL_EMPTY:
        Py_RETURN_NONE;
    case PROTOCOL_FALSE:
        Py_RETURN_FALSE;
    case PROTOCOL_TRUE:
        Py_RETURN_TRUE;
    case PROTOCOL_INT:
        memcpy(&words[1], bytes + WORD, WORD);
        return PyLong_FromLongLong(words[1]);
    case PROTOCOL_FLOAT:
        memcpy(&number, bytes + WORD, WORD);
        return PyFloat_FromDouble(number);
    case PROTOCOL_STRING:
        memcpy(&words[1], bytes + WORD, WORD);
        return PyUnicode_DecodeUTF8(bytes + 2 * WORD, (Py_ssize_t)words[1], NULL);
    }
    return NULL;
}

/* ____________________________________________________________ calls */

/* What calls: a program, an instance or a function of one. numbers: those of its functions by their names; number: that of the one
   function. */
struct caller {
    PyObject_HEAD
    PyObject *entry, *numbers;
    long handle, number;
};

/* Leaves the VM, which may take a while. */
static void leave(const struct entry *entry)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    Py_BEGIN_ALLOW_THREADS
    entry->leave();
    Py_END_ALLOW_THREADS
    PyErr_Restore(type, value, traceback);
}

/* Runs the function.  Returns 0, without an exception, if that is not for here and nothing was done; else *result is what came of it. */
static int run(struct caller *self, long number, PyObject *const *arguments, Py_ssize_t count, PyObject **result)
{
    char sent[SENT_SIZE], received[RECEIVED_SIZE], *at = sent;
    long status, size = 0;
    int has_left = 0;
    struct entry *entry;
    PyObject *capsule = self->entry;
    if (capsule == NULL || capsule == Py_None || count > PROTOCOL_MOST_ARGUMENTS)
        return 0;
    entry = PyCapsule_GetPointer(capsule, ENTRY);
    if (entry == NULL) {
        PyErr_Clear();
        return 0;
    }
    if (!entry->is_plain || PyObject_Size(entry->ended_handles) != 0) {
        PyErr_Clear();
        return 0;
    }
    for (Py_ssize_t index = 0; index < count; index++) {
        at = put_scalar(at, sent + SENT_SIZE, arguments[index]);
        if (at == NULL)
            return 0;
    }
    Py_INCREF(capsule);
    Py_BEGIN_ALLOW_THREADS
    status = entry->run((int)self->handle, (int)number, sent, (int)(at - sent), (int)count, 0);
    if (status == PROTOCOL_NO_VALUE) {
        entry->leave();
        has_left = 1;
    }
    else if (status == PROTOCOL_VALUE && entry->answer->size > 0 && entry->answer->size <= RECEIVED_SIZE) {
        size = entry->answer->size;
        memcpy(received, entry->answer->bytes, size);
        entry->leave();
        has_left = 1;
    }
    Py_END_ALLOW_THREADS
    if (status == PROTOCOL_NO_VALUE) {
        Py_INCREF(Py_None);
        *result = Py_None;
    }
    else if (has_left) {
        *result = take_scalar(received);
        if (*result == NULL && !PyErr_Occurred())
            *result = PyObject_CallMethod((PyObject *)self, "_decode", "y#", received, (Py_ssize_t)size);
    }
    else {
        PyObject *end = PyObject_CallMethod((PyObject *)self, "_end_call", "lly#n", status, number, sent, (Py_ssize_t)(at - sent), count);
        leave(entry);
        *result = end == NULL ? NULL : PyObject_CallMethod((PyObject *)self, "_result_of", "(O)", end);
        Py_XDECREF(end);
    }
    Py_DECREF(capsule);
    return 1;
}

static PyObject *call_slowly(PyObject *self, PyObject *arguments, PyObject *keywords)
{
    PyObject *result, *method = PyObject_GetAttrString(self, "_call_slowly");
    if (method == NULL)
        return NULL;
    result = PyObject_Call(method, arguments, keywords);
    Py_DECREF(method);
    return result;
}

/* The method `call`: the name of a function and its arguments; whatever has a keyword is slow. */
static PyObject *call_by_name(PyObject *self, PyObject *const *arguments, Py_ssize_t count, PyObject *names)
{
    struct caller *caller = (struct caller *)self;
    Py_ssize_t named = names == NULL ? 0 : PyTuple_Size(names);
    PyObject *result = NULL, *positional, *keywords = NULL;
    if (named == 0 && count > 0 && PyUnicode_CheckExact(arguments[0]) && caller->numbers != NULL && PyDict_CheckExact(caller->numbers)) {
        PyObject *number = PyDict_GetItemWithError(caller->numbers, arguments[0]);
        if (number != NULL && run(caller, PyLong_AsLong(number), arguments + 1, count - 1, &result))
            return result;
        if (number == NULL && PyErr_Occurred())
            return NULL;
    }
    positional = PyTuple_New(count);
    if (positional == NULL)
        return NULL;
    for (Py_ssize_t index = 0; index < count; index++) {
        Py_INCREF(arguments[index]);
        PyTuple_SetItem(positional, index, arguments[index]);
    }
    if (named > 0) {
        keywords = PyDict_New();
        for (Py_ssize_t index = 0; keywords != NULL && index < named; index++)
            if (PyDict_SetItem(keywords, PyTuple_GetItem(names, index), arguments[count + index]) < 0)
                Py_CLEAR(keywords);
    }
    if (named == 0 || keywords != NULL)
        result = call_slowly(self, positional, keywords);
    Py_XDECREF(keywords);
    Py_DECREF(positional);
    return result;
}

/* A call of the object itself, which stands for one function. */
static PyObject *call_one(PyObject *self, PyObject *arguments, PyObject *keywords)
{
    PyObject *items[PROTOCOL_MOST_ARGUMENTS], *result;
    Py_ssize_t count = PyTuple_Size(arguments);
    if (count <= PROTOCOL_MOST_ARGUMENTS && (keywords == NULL || PyDict_Size(keywords) == 0)) {
        for (Py_ssize_t index = 0; index < count; index++)
            items[index] = PyTuple_GetItem(arguments, index);
        if (run((struct caller *)self, ((struct caller *)self)->number, items, count, &result))
            return result;
    }
    return call_slowly(self, arguments, keywords);
}

/* ____________________________________________________________ functions that a program is given */

#define MOST_SERVED 16          /* arguments */
#define AT_A_TIME 128           /* calls, after which Python code is to run: what other threads want of this one is heard there */
#define MORE (-1)               /* in the place of a status: that was so many */

/* arguments: with a NULL behind them. */
static PyObject *call_function(PyObject *function, PyObject **arguments, Py_ssize_t count)
{
    PyObject *tuple, *result;
    if (count <= 5)     /* as a vectorcall, which the stable ABI does not have before CPython 3.12 */
        return PyObject_CallFunctionObjArgs(function, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], NULL);
    tuple = PyTuple_New(count);
    if (tuple == NULL)
        return NULL;
    for (Py_ssize_t index = 0; index < count; index++) {
        Py_INCREF(arguments[index]);
        PyTuple_SetItem(tuple, index, arguments[index]);
    }
    result = PyObject_Call(function, tuple, NULL);
    Py_DECREF(tuple);
    return result;
}

static void forget(PyObject **values, Py_ssize_t count)
{
    for (Py_ssize_t index = 0; index < count; index++)
        Py_DECREF(values[index]);
}

/* The next int of 32 bits of what the VM has marshalled, see mdvm/embedding/marshalled_writer.py. */
static int take_int32(const char **at)
{
    int number;
    memcpy(&number, *at, sizeof number);
    *at += sizeof number;
    return number;
}

/* The next value, which goes behind it; NULL if it is none for here. */
static PyObject *take_marshalled(const char **at)
{
    unsigned long long magnitude = 0;
    double number;
    int size;
    switch (*(*at)++) {
    case 'N':
        Py_INCREF(Py_None);
        return Py_None;
    case 'F':
        Py_INCREF(Py_False);
        return Py_False;
    case 'T':
        Py_INCREF(Py_True);
        return Py_True;
    case 'i':
        return PyLong_FromLong(take_int32(at));
    case 'l':
        size = take_int32(at);
        for (int digit = 0; digit < (size < 0 ? -size : size); digit++) {
            unsigned short bits;
            memcpy(&bits, *at, sizeof bits);
            magnitude |= (unsigned long long)bits << 15 * digit;
            *at += sizeof bits;
        }
        return PyLong_FromLongLong((long long)(size < 0 ? 0 - magnitude : magnitude));
    case 'g':
        memcpy(&number, *at, sizeof number);
        *at += sizeof number;
        return PyFloat_FromDouble(number);
    case 'u':
        size = take_int32(at);
        *at += size;
        return PyUnicode_DecodeUTF8(*at - size, size, "surrogatepass");
    }
    return NULL;
}

/* Reads what a run has paused for, which is an array of the number of a function and the arguments.  Returns the number, or -1, without
   an exception, if the call is none for here. */
static long long take_call(const struct mdvm_bytes *call, PyObject **arguments, Py_ssize_t *count)
{
    const char *at = call->bytes;
    long long words[3];     /* INTS, how many, the number; or MARSHALLED, how many bytes, these */
    memcpy(words, at, 2 * WORD);
    at += 2 * WORD;
    *count = 0;
    if (words[0] == PROTOCOL_INTS) {
        memcpy(&words[2], at, WORD);
        at += WORD;
    }
    else if (words[0] == PROTOCOL_MARSHALLED && at[0] == '[' && at[5] == 'i') {
        at++;
        words[1] = take_int32(&at);
        at++;
        words[2] = take_int32(&at);
    }
    else
        return -1;
    if (words[1] > 1 + MOST_SERVED)
        return -1;
    while (*count < words[1] - 1) {
        PyObject *value;
        if (words[0] == PROTOCOL_INTS) {
            long long number;
            memcpy(&number, at, WORD);
            at += WORD;
            value = PyLong_FromLongLong(number);
        }
        else
            value = take_marshalled(&at);
        if (value == NULL) {
            PyErr_Clear();      /* no memory, or no UTF-8: the Python code finds that too */
            forget(arguments, *count);
            return -1;
        }
        arguments[(*count)++] = value;
    }
    arguments[*count] = NULL;
    return words[2];
}

/* Gives the result of a call and goes on.  Returns the next status, or MORE, with an exception. */
static long give_result(const struct entry *entry, int level, PyObject *result, long long number, PyObject *encode)
{
    char sent[SENT_SIZE], *bytes = sent, *end = put_scalar(sent, sent + SENT_SIZE, result);
    PyObject *encoded = NULL;
    Py_ssize_t size;
    long status;
    if (end != NULL)
        size = end - sent;
    else {
        encoded = PyObject_CallFunction(encode, "OL", result, number);
        if (encoded == NULL || PyBytes_AsStringAndSize(encoded, &bytes, &size) < 0) {
            Py_XDECREF(encoded);
            return MORE;
        }
    }
    Py_BEGIN_ALLOW_THREADS
    status = entry->give_result(level, bytes, (long)size);
    Py_END_ALLOW_THREADS
    Py_XDECREF(encoded);
    return status;
}

/* Calls functions as long as the run pauses for nothing else, and at most so many.  The arguments: the entry; a tuple of the functions by
   their numbers; and what gives the bytes of a result of a function by its number, for what is no scalar.

   Returns the status, HOST_CALL for a call that is not for here, of which nothing is done; or MORE. */
static PyObject *serve_calls(PyObject *module, PyObject *const *given, Py_ssize_t given_count)
{
    PyObject *arguments[MOST_SERVED + 1] = {NULL}, *result;
    const struct entry *entry;
    long status = PROTOCOL_HOST_CALL;
    if (given_count != 3) {
        PyErr_SetString(PyExc_TypeError, "serve_calls takes 3 arguments");
        return NULL;
    }
    entry = PyCapsule_GetPointer(given[0], ENTRY);
    if (entry == NULL)
        return NULL;
    for (int turn = 0; turn < AT_A_TIME; turn++) {
        Py_ssize_t count;
        int level = *entry->level;
        long long number = take_call(entry->output, arguments, &count);
        if (number < 0 || number >= PyTuple_Size(given[1])) {
            if (number >= 0)
                forget(arguments, count);
            PyErr_Clear();
            return PyLong_FromLong(PROTOCOL_HOST_CALL);
        }
        result = call_function(PyTuple_GetItem(given[1], (Py_ssize_t)number), arguments, count);
        forget(arguments, count);
        if (result == NULL)
            return NULL;
        if (PyErr_CheckSignals() < 0) {
            Py_DECREF(result);
            return NULL;
        }
        status = give_result(entry, level, result, number, given[2]);
        Py_DECREF(result);
        if (status == MORE)
            return NULL;
        if (status != PROTOCOL_HOST_CALL)
            return PyLong_FromLong(status);
    }
    return PyLong_FromLong(MORE);
}

/* ____________________________________________________________ types */

static void free_caller(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    freefunc free = (freefunc)PyType_GetSlot(type, Py_tp_free);
    Py_XDECREF(((struct caller *)self)->entry);
    Py_XDECREF(((struct caller *)self)->numbers);
    free(self);
    Py_DECREF(type);
}

static PyMemberDef members[] = {
    {"_entry", T_OBJECT, offsetof(struct caller, entry), 0, NULL},
    {"_numbers", T_OBJECT, offsetof(struct caller, numbers), 0, NULL},
    {"_handle", T_LONG, offsetof(struct caller, handle), 0, NULL},
    {"_number", T_LONG, offsetof(struct caller, number), 0, NULL},
    {NULL, 0, 0, 0, NULL}
};

static PyType_Slot by_name_slots[] = {
    {Py_tp_doc, "What calls functions by their names: see pymdvm.engines.callers."},
    {Py_tp_dealloc, free_caller},
    {Py_tp_members, members},
    {0, NULL}
};

static PyType_Slot one_slots[] = {
    {Py_tp_doc, "What calls one function: see pymdvm.engines.callers."},
    {Py_tp_dealloc, free_caller},
    {Py_tp_members, members},
    {Py_tp_call, call_one},
    {0, NULL}
};

static PyType_Spec by_name_spec = {
    "pymdvm.engines._callers.CallsByName", sizeof(struct caller), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, by_name_slots
};

static PyType_Spec one_spec = {
    "pymdvm.engines._callers.CallsOne", sizeof(struct caller), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, one_slots
};

/* The method `call` of a subclass of CallsByName, with the text that help() shows.  It is there as long as the process. */
static PyObject *method_of(PyObject *module, PyObject *arguments)
{
    PyObject *type;
    const char *text;
    PyMethodDef *method;
    if (!PyArg_ParseTuple(arguments, "Os", &type, &text))
        return NULL;
    method = PyMem_Calloc(1, sizeof *method + strlen(text) + 1);
    if (method == NULL)
        return PyErr_NoMemory();
    method->ml_name = "call";
    method->ml_meth = (PyCFunction)(void (*)(void))call_by_name;
    method->ml_flags = METH_FASTCALL | METH_KEYWORDS;
    method->ml_doc = strcpy((char *)(method + 1), text);
    return PyDescr_NewMethod((PyTypeObject *)type, method);
}

static PyMethodDef functions[] = {
    {"make_entry", make_entry, METH_VARARGS, "How a VM is called: a capsule, of addresses in the library, see Engine.addresses."},
    {"serve_calls", (PyCFunction)(void (*)(void))serve_calls, METH_FASTCALL, "Serve a run that calls functions which it was given."},
    {"set_plain", set_plain, METH_VARARGS, "Say whether the JIT has its usual parameters."},
    {"method_of", method_of, METH_VARARGS, "The method `call` of a subclass of CallsByName, with its text."},
    {NULL, NULL, 0, NULL}
};

static int fill(PyObject *module)
{
    PyType_Spec *specs[] = {&by_name_spec, &one_spec};
    const char *names[] = {"CallsByName", "CallsOne"};
    if (PyModule_AddIntConstant(module, "INTERFACE", INTERFACE) < 0)
        return -1;
    for (int index = 0; index < 2; index++) {
        PyObject *type = PyType_FromSpec(specs[index]);
        if (type == NULL)
            return -1;
        if (PyModule_AddObject(module, names[index], type) < 0) {
            Py_DECREF(type);
            return -1;
        }
    }
    return 0;
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, fill},
    {0, NULL}
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_callers", "Calls of programs in C, see pymdvm.engines.callers.", 0, functions, module_slots, NULL, NULL, NULL
};

PyMODINIT_FUNC PyInit__callers(void)
{
    return PyModuleDef_Init(&definition);
}
