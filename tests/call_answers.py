"""One function in six languages, for the tests of calls and of forgeries."""

from hrm_edge.problems.problem import Calls, Signature

SIX = ("python", "javascript", "go", "rust", "cpp", "java")

DOUBLED = Calls(
    function="f",
    arguments=(([3, 1, 2],), ([],), ([-7],)),
    expected=([6, 2, 4], [], [-14]),
    signature=Signature(parameters=(("v", "list[int]"),), result="list[int]"),
    timeout_s=2.0,
)
RIGHT = {
    "python": "def f(v):\n    return [2 * x for x in v]\n",
    "javascript": "const f = (v) => v.map((x) => 2 * x);\n",
    "go": (
        "func f(v []int) []int {\n\tw := []int{}\n\tfor _, x := range v {\n\t\tw = append(w, 2*x)\n\t}\n\treturn w\n}\n"
    ),
    "rust": "fn f(v: &[i32]) -> Vec<i32> {\n    v.iter().map(|x| 2 * x).collect()\n}\n",
    "cpp": "vector<int> f(vector<int> &v) {\n    for (int &x : v) x *= 2;\n    return v;\n}\n",
    "java": "static List<Integer> f(List<Integer> v) {\n    return v.stream().map(x -> 2 * x).toList();\n}\n",
}
