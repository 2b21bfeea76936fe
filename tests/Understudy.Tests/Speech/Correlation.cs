namespace WanTalk.Understudy.Tests.Speech;

/// <summary>How closely one row of numbers follows another.</summary>
internal static class Correlation
{
    /// <summary>Pearson's r of a row with another that is delayed by <paramref name="lag"/> places.</summary>
    public static double Of(IReadOnlyList<double> followed, IReadOnlyList<double> follower, int lag = 0)
    {
        var places = Enumerable.Range(0, followed.Count).Where(i => i + lag >= 0 && i + lag < follower.Count).ToArray();
        var a = places.Select(i => followed[i]).ToArray();
        var b = places.Select(i => follower[i + lag]).ToArray();
        var (meanA, meanB) = (a.Average(), b.Average());
        var shared = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum();
        return shared / Math.Sqrt(a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(y => (y - meanB) * (y - meanB)));
    }

    /// <summary>The delay at which the follower follows best.</summary>
    public static int BestLag(IReadOnlyList<double> followed, IReadOnlyList<double> follower) =>
        Enumerable.Range(-6, 13).MaxBy(lag => Of(followed, follower, lag));
}
