namespace WanTalk.Media.Networks;

/// <summary>How an operation's window goes over a plane along one side.</summary>
/// <param name="Size">Places that it sees at once.</param>
/// <param name="Step">How far it goes on each time.</param>
/// <param name="Before">Places before the first one that it begins at, where there is nothing.</param>
internal readonly record struct Window(int Size, int Step, int Before)
{
    /// <summary>TFLite's rule: with padding "same" (0) what is missing is shared by both ends, the odd one at the far end.</summary>
    public static Window For(int size, int step, int from, int to, bool isSame) =>
        new(size, step, isSame ? Math.Max(((to - 1) * step) + size - from, 0) / 2 : 0);
}
